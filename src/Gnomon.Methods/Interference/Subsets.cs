namespace Gnomon.Methods.Interference;

/// <summary>All ways to choose some of n.</summary>
static class Subsets
{
    /// <summary>How many there are; some number above 1e15 where they are more.</summary>
    public static double Count(int all, int chosen)
    {
        chosen = Math.Min(chosen, all - chosen);
        var count = 1.0;
        for (var i = 0; i < chosen && count < 1e15; i++)
            count = Math.Round(count * (all - i) / (i + 1.0));
        return count;
    }

    /// <summary>The next subset in lexicographic order; false after the last.</summary>
    public static bool Advance(int[] members, int all)
    {
        var i = members.Length - 1;
        while (i >= 0 && members[i] == all - members.Length + i)
            i--;
        if (i < 0)
            return false;
        members[i]++;
        for (var j = i + 1; j < members.Length; j++)
            members[j] = members[j - 1] + 1;
        return true;
    }
}
