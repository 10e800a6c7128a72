namespace Gnomon.Core.Tables;

/// <summary>Size and time of the file that a path leads to. Those of a symbolic link are the link's own, so that a file read by its length would end after a few bytes.</summary>
public static class FollowedFile
{
    /// <summary>The file behind all links; the path itself where it is no link, or leads nowhere.</summary>
    public static FileInfo At(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
    }
}
