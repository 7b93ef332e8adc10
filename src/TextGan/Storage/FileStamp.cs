using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace TextGan.Storage;

/// <summary>What shows that a file has changed without reading it. Times are in nanoseconds since 1970.</summary>
/// <param name="Size">Its bytes.</param>
/// <param name="Modified">When its content was last written. A program can set this back.</param>
/// <param name="Changed">
/// When anything about it last changed (ctime), which no program can set. .NET does not tell it, hence the call of statx(2) on Linux;
/// elsewhere the time of creation stands here, which a file put in the place of another does not share with it.
/// </param>
public readonly record struct FileStamp(long Size, long Modified, long Changed)
{
    /// <summary>The later of both times.</summary>
    [JsonIgnore]
    public DateTime Latest => DateTime.UnixEpoch.AddTicks(Math.Max(Modified, Changed) / TimeSpan.NanosecondsPerTick);

    /// <exception cref="InvalidInputException">There is no such file, or it is a pipe or a device, which cannot be read twice.</exception>
    public static FileStamp Of(string path)
    {
        try
        {
            return OperatingSystem.IsLinux() ? FromSystem(path) : FromRuntime(path);
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            return FromRuntime(path); // a C library without statx
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw InputFile.Unreadable(path, refused);
        }
    }

    static FileStamp FromRuntime(string path)
    {
        var file = new FileInfo(path);
        return new(file.Length, Nanoseconds(file.LastWriteTimeUtc), Nanoseconds(file.CreationTimeUtc));

        static long Nanoseconds(DateTime time) => (time - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
    }

    /// <summary>The layout of struct statx is the same on every processor; the numbers below are offsets in it.</summary>
    static FileStamp FromSystem(string path)
    {
        const int currentFolder = -100, basicFields = 0x7FF, kind = 0xF000, regular = 0x8000;
        Span<byte> fields = stackalloc byte[256];
        // Whatever the reason is, whoever opens the file finds it and has the words for it.
        if (Statx(currentFolder, path, 0, basicFields, ref fields[0]) != 0) return default;
        if ((BinaryPrimitives.ReadUInt16LittleEndian(fields[28..]) & kind) != regular)
            throw new InvalidInputException(path,
                "is not a regular file. A run can read regular files only, so that it can read them again and recognise them.");
        return new(BinaryPrimitives.ReadInt64LittleEndian(fields[40..]), Time(fields[112..]), Time(fields[96..]));

        static long Time(ReadOnlySpan<byte> at) =>
            BinaryPrimitives.ReadInt64LittleEndian(at) * 1_000_000_000 + BinaryPrimitives.ReadUInt32LittleEndian(at[8..]);
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, ref byte fields);
}
