using System.Runtime.InteropServices;

namespace Gnomon.Data.Files.Native;

/// <summary>What the file system says of a file's contents without a look at them. The moment of its last change of any kind (ctime) is set by the kernel and by nobody else.</summary>
/// <param name="Device">The file system.</param>
/// <param name="Node">The file's number in it.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Created">Nanoseconds since 1970; 0 where the file system does not say.</param>
/// <param name="Written">Nanoseconds since 1970.</param>
/// <param name="Changed">Nanoseconds since 1970: writing, renaming, or setting the other times back.</param>
internal readonly record struct FileStamp(ulong Device, ulong Node, long Bytes, long Created, long Written, long Changed)
{
    private const int WorkingFolder = -100;
    private const uint BasicAndCreated = 0xFFF;
    private const uint Needed = 0x3C0;

    /// <summary>The stamp of the file behind all links; null where the system does not keep one.</summary>
    public static unsafe FileStamp? Of(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        Statx found;
        try
        {
            if (StatxApi.Look(WorkingFolder, path, 0, BasicAndCreated, &found) != 0 || (found.Mask & Needed) != Needed)
            {
                return null;
            }
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return null;
        }

        return new FileStamp(((ulong)found.DeviceMajor << 32) | found.DeviceMinor, found.Node, (long)found.Bytes, found.Created.Nanoseconds, found.Written.Nanoseconds, found.Changed.Nanoseconds);
    }
}

/// <summary><c>statx(2)</c>, whose structure is the same on every processor.</summary>
internal static unsafe partial class StatxApi
{
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Look(int folder, string path, int flags, uint mask, Statx* found);
}

/// <summary><c>struct statx</c>: 256 bytes, of which these are used.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct Statx
{
    [FieldOffset(0)]
    internal uint Mask;

    [FieldOffset(32)]
    internal ulong Node;

    [FieldOffset(40)]
    internal ulong Bytes;

    [FieldOffset(80)]
    internal StatxTime Created;

    [FieldOffset(96)]
    internal StatxTime Changed;

    [FieldOffset(112)]
    internal StatxTime Written;

    [FieldOffset(136)]
    internal uint DeviceMajor;

    [FieldOffset(140)]
    internal uint DeviceMinor;
}

/// <summary><c>struct statx_timestamp</c>.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct StatxTime
{
    internal long Seconds;
    internal uint Fraction;

    internal readonly long Nanoseconds => (Seconds * 1_000_000_000) + Fraction;
}
