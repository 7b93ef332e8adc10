using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using TorchSharp;

namespace TextGan.Native;

/// <summary>
/// Which LibTorch this process computes with: the one that was built in, or that of a folder, for instance of an installed PyTorch with
/// CUDA. A folder fits if it has every symbol that TorchSharp's native library (LibTorchSharp) needs, whatever its version.
/// </summary>
public static partial class LibTorch
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "TEXTGAN_LIBTORCH";

    /// <summary>In place of a folder: that of the PyTorch that Python finds.</summary>
    public const string Auto = "auto";

    const string Bridge = "LibTorchSharp";

    /// <summary>What the bridge is linked with. Others are loaded with these, or by them.</summary>
    static readonly string[] Linked = ["c10", "torch_cpu", "torch"];

    static string? version;

    /// <summary>The folder that was chosen; null for the LibTorch that was built in.</summary>
    public static string? Folder { get; private set; }

    /// <summary>"2.10.0.0" or "2.11.0+cu130".</summary>
    public static string Version => version ?? torch.__version__;

    /// <summary>The version, and the folder if one was chosen: what bits depend on.</summary>
    public static string Description => Folder is null ? Version : $"{Version} in {Folder}";

    /// <summary>The folder that LibTorch was loaded from; null as long as it is not loaded.</summary>
    public static string? LoadedFrom
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return Path.GetDirectoryName(process.Modules.Cast<ProcessModule>()
                .FirstOrDefault(module => module.ModuleName == FileOf("torch_cpu"))?.FileName);
        }
    }

    /// <summary>Whether the LibTorch that is loaded comes with the library for CUDA.</summary>
    public static bool HasCuda => LoadedFrom is { } folder && File.Exists(Path.Combine(folder, FileOf("torch_cuda")));

    /// <summary>Whether all symbols that TorchSharp needs are found in the LibTorch that is loaded, in words.</summary>
    public static string Symbols
    {
        get
        {
            if (!OperatingSystem.IsLinux() || LoadedFrom is not { } folder) return "not checked";
            var (missing, needed, _) = Compare(folder);
            return missing.Count == 0 ? $"all {needed} that TorchSharp needs bind" : $"{missing.Count} of {needed} do not bind";
        }
    }

    /// <summary>Where the runtime looks for native libraries, and so TorchSharp.</summary>
    static IEnumerable<string> SearchedFolders =>
        ((string?)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Append(AppContext.BaseDirectory);

    static string FileOf(string library) => OperatingSystem.IsWindows() ? $"{library}.dll"
        : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";

    static bool HasLibTorch(string folder) => File.Exists(Path.Combine(folder, FileOf("torch_cpu")));

    /// <summary>Chooses the LibTorch of this process and of those that it starts. Call before the first tensor is made.</summary>
    /// <param name="asked">
    /// A folder with LibTorch's libraries, or with a folder "lib" that has them; "auto"; or null for the one built in.
    /// </param>
    /// <returns>Why it cannot be used, or null.</returns>
    public static string? Use(string? asked)
    {
        if (string.IsNullOrEmpty(asked))
        {
            return SearchedFolders.Append(Path.Combine(AppContext.BaseDirectory, "libtorch")).Any(HasLibTorch)
                || NativeLibrary.TryLoad(Bridge, typeof(torch).Assembly, null, out _) // by the system's search path
                ? null : "this build has no LibTorch. Name the library folder of an installed PyTorch, or 'auto' to ask Python for it.";
        }
        if (OperatingSystem.IsMacOS()) return "a folder can be chosen on Linux and Windows only.";
        var (folder, problem) = asked == Auto ? InstalledPyTorch.Find() : (Path.TrimEndingDirectorySeparator(Path.GetFullPath(asked)), "");
        if (folder is null) return problem;
        if (!HasLibTorch(folder) && HasLibTorch(Path.Combine(folder, "lib"))) folder = Path.Combine(folder, "lib");
        if (folder == Folder) return null;
        if (Problem(folder) is { } unfit) return unfit;
        try
        {
            Load(folder);
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException)
        {
            return $"LibTorch in '{folder}' cannot be loaded: {failure.Message.ReplaceLineEndings(" ")}";
        }
        Environment.SetEnvironmentVariable(Variable, folder);
        return null;
    }

    static string? Problem(string folder)
    {
        if (!Directory.Exists(folder))
            return File.Exists(folder) ? $"'{folder}' is a file; a folder is needed." : $"the folder '{folder}' does not exist.";
        if (Linked.Select(FileOf).FirstOrDefault(file => !File.Exists(Path.Combine(folder, file))) is { } absent)
            return $"the folder '{folder}' has no LibTorch: {absent} is missing.";
        // TorchSharp loads what it finds there in any case, which would be a second LibTorch.
        if (SearchedFolders.FirstOrDefault(HasLibTorch) is { } own)
            return $"this build brings its own LibTorch in '{own}'; to choose another, build textgan with -p:TorchBackend=none, or " +
                "your own program without a libtorch package.";
        if (!OperatingSystem.IsLinux()) return null; // the loader tells
        try
        {
            var (missing, needed, misnamed) = Compare(folder);
            if (missing.Count == 0 && misnamed is null) return null;
            return $"LibTorch{(WrittenVersion(folder) is { } found ? " " + found : "")} in '{folder}' does not fit " +
                $"TorchSharp {typeof(torch).Assembly.GetName().Version?.ToString(3)}: " + (missing.Count > 0
                    ? $"{missing.Count} of the {needed} symbols that it needs are missing, the first is {missing[0]}."
                    : $"the loader knows {misnamed} by another name (SONAME).");
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return unreadable.Message;
        }
    }

    /// <summary>
    /// The symbols that the bridge needs and the folder's libraries do not have, in the bridge's order; how many it needs; and a library
    /// whose name for the loader is not its file's: for the bridge, the loader would then look for another one.
    /// </summary>
    static (List<string> Missing, int Needed, string? Misnamed) Compare(string folder)
    {
        var bridge = SearchedFolders.Select(place => Path.Combine(place, FileOf(Bridge))).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{FileOf(Bridge)}, a part of TorchSharp, is not beside this program; build it again.");
        var missing = new ElfLibrary(bridge).Needed;
        var (needed, misnamed) = (missing.Count, (string?)null);
        foreach (var file in Linked.Select(FileOf))
        {
            var library = new ElfLibrary(Path.Combine(folder, file));
            missing.RemoveAll(library.Defined.Contains);
            if (library.Name != file) misnamed ??= file;
        }
        return (missing, needed, misnamed);
    }

    static void Load(string folder)
    {
        if (LoadedFrom is { } other) throw new InvalidOperationException($"LibTorch in '{other}' is already loaded.");
        // A library that is loaded is found by its name from then on, whatever the search path of those that ask for it.
        nint cpu = 0;
        foreach (var library in (string[])["torch_global_deps", "c10", "torch_cpu", "c10_cuda", "torch_cuda", "torch"])
        {
            var file = Path.Combine(folder, FileOf(library));
            if (!File.Exists(file)) continue; // those that every LibTorch has were checked
            var handle = NativeLibrary.Load(file);
            if (library == "torch_cpu") cpu = handle;
        }
        NativeLibrary.Load(Bridge, typeof(torch).Assembly, null);
        (Folder, version) = (folder, WrittenVersion(folder) ?? VersionOf(cpu));
    }

    /// <summary>What PyTorch's package writes beside its library folder, such as "2.11.0+cu130"; null elsewhere.</summary>
    static string? WrittenVersion(string folder)
    {
        var file = Path.Combine(Path.GetDirectoryName(folder) ?? folder, "version.py");
        return File.Exists(file) && VersionLine().Match(File.ReadAllText(file)) is { Success: true } match ? match.Groups[1].Value : null;
    }

    static unsafe string VersionOf(nint library)
    {
        if (!NativeLibrary.TryGetExport(library, "aoti_torch_abi_version", out var function)) return "of unknown version";
        var number = ((delegate* unmanaged<ulong>)function)(); // a byte each from the highest: major, minor, patch
        return $"{number >> 56}.{number >> 48 & 255}.{number >> 40 & 255}";
    }

    [GeneratedRegex(@"^__version__ *=.*?['""]([^'""]{1,40})['""]", RegexOptions.Multiline)]
    private static partial Regex VersionLine();
}
