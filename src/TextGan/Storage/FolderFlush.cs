using System.Runtime.InteropServices;

namespace TextGan.Storage;

/// <summary>
/// Brings a folder's list of names to the disk. A file that was flushed and renamed can still have its old name after a power
/// cut, until its folder is flushed too (fsync(2)). .NET opens no folders, hence the calls; on Windows renames are journalled
/// and this does nothing.
/// </summary>
public static class FolderFlush
{
    const int ReadOnly = 0; // O_RDONLY

    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        try
        {
            var descriptor = Open(folder, ReadOnly);
            if (descriptor < 0) return;
            _ = Sync(descriptor); // some file systems have no fsync for folders: nothing more can be done there
            _ = Close(descriptor);
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library: the rename stands, only its being on the disk is not certain.
        }
    }

    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Close(int descriptor);
}
