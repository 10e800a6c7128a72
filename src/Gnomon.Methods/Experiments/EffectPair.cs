using System.Runtime.InteropServices;

namespace Gnomon.Methods.Experiments;

/// <summary>What one past experiment did to an early outcome and to the long-term one, as estimated.</summary>
/// <param name="Proxy">Effect on the early outcome, any unit.</param>
/// <param name="Goal">Effect on the long-term outcome, any unit.</param>
/// <param name="ProxyVariance">Sampling variance of <paramref name="Proxy"/>, positive.</param>
/// <param name="GoalVariance">Sampling variance of <paramref name="Goal"/>, positive.</param>
/// <param name="Covariance">Sampling covariance of the two, which share their units; 0 when they come from different units.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct EffectPair(double Proxy, double Goal, double ProxyVariance, double GoalVariance, double Covariance);
