namespace System.Runtime.CompilerServices;

/// <summary>What the compiler looks for when a record has init accessors; the target framework predates it.</summary>
internal static class IsExternalInit;
