using Gnomon.Data.DuckDb;
using Xunit;

namespace Gnomon.Tests.Data.DuckDb;

/// <summary>The engine keeps to the narrowest limit that the system sets on the process.</summary>
public sealed class MemoryInForceTests
{
    private const long Machine = 16L << 30;
    private const string Free = "Limit                     Soft Limit           Hard Limit           Units     \nMax address space         unlimited            unlimited            bytes     \n";

    [Fact]
    public void Without_limits_there_is_nothing_to_keep_to() =>
        Assert.Null(MemoryInForce.Find(Files(("/proc/self/limits", Free), ("/proc/self/cgroup", "0::/\n")), Machine));

    [Fact]
    public void The_address_space_less_what_is_taken_is_shared()
    {
        var found = MemoryInForce.Find(Files(("/proc/self/limits", Free.Replace("unlimited            unlimited            bytes", "2147483648           unlimited            bytes", StringComparison.Ordinal)), ("/proc/self/statm", "65536 20000 1 1 0 1 0")), Machine);
        var taken = 65_536L * Environment.SystemPageSize;
        Assert.Equal((long)(0.6 * ((2L << 30) - taken)), found!.Value.Bytes);
        Assert.Contains("ulimit", found.Value.From, StringComparison.Ordinal);
    }

    [Fact]
    public void The_data_of_the_process_may_be_limited_instead()
    {
        var found = MemoryInForce.Find(Files(("/proc/self/limits", "Max data size             1073741824           unlimited            bytes     \n" + Free), ("/proc/self/statm", "65536 20000 1 1 0 1000 0")), Machine);
        Assert.Equal((long)(0.6 * ((1L << 30) - (1_000L * Environment.SystemPageSize))), found!.Value.Bytes);
        Assert.Contains("ulimit -d", found.Value.From, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0::/jobs/one\n", "/sys/fs/cgroup/jobs/memory.max", "1073741824\n")]
    [InlineData("0::/jobs/one\n", "/sys/fs/cgroup/jobs/one/memory.max", "1073741824\n")]
    [InlineData("8:pids:/\n4:cpu,memory:/jobs/one\n0::/\n", "/sys/fs/cgroup/memory/jobs/one/memory.limit_in_bytes", "1073741824\n")]
    [InlineData("4:memory:/docker/abc\n", "/sys/fs/cgroup/memory/memory.limit_in_bytes", "1073741824\n")]
    public void Limits_of_control_groups_count_with_those_above_them(string groups, string file, string limit)
    {
        var found = MemoryInForce.Find(Files(("/proc/self/limits", Free), ("/proc/self/cgroup", groups), (file, limit)), Machine);
        Assert.Equal((long)(0.6 * (1L << 30)), found!.Value.Bytes);
        Assert.Contains("control group", found.Value.From, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("max\n")]
    [InlineData("9223372036854771712\n")]
    [InlineData("")]
    public void A_group_without_a_limit_sets_none(string limit) =>
        Assert.Null(MemoryInForce.Find(Files(("/proc/self/limits", Free), ("/proc/self/cgroup", "0::/a\n"), ("/sys/fs/cgroup/a/memory.max", limit)), Machine));

    private static Func<string, string?> Files(params (string Path, string Text)[] files) => path => files.FirstOrDefault(f => f.Path == path).Text;
}
