using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json.Nodes;
using TextGan.Native;
using TextGan.Tests.Cli;

namespace TextGan.Tests.Native;

/// <summary>A LibTorch that is chosen when a program starts.</summary>
[Platform("Linux"), SupportedOSPlatform("linux")]
public class LibTorchTests
{
    const string Debian = "/usr/lib/python3/dist-packages/torch/lib";

    static readonly string OwnProgram = typeof(TextGan.Cli.Application).Assembly.Location;

    /// <summary>The folder of the build's own LibTorch; the test is skipped where it has none.</summary>
    static string Own => Existing(Path.Combine(AppContext.BaseDirectory, "libtorch"));

    /// <summary>The same libraries where NuGet unpacked them.</summary>
    static string InPackageCache
    {
        get
        {
            var root = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
                ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
            return Existing(Path.Combine(root, "libtorch-cpu-linux-x64", "2.10.0", "runtimes", "linux-x64", "native"));
        }
    }

    static string Existing(string folder)
    {
        if (!Directory.Exists(folder)) Assert.Ignore($"There is no LibTorch in {folder}.");
        return folder;
    }

    /// <summary>A command of the program as a process of its own.</summary>
    static CommandRun Run(string program, Dictionary<string, string> variables, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.Environment.Remove(LibTorch.Variable);
        foreach (var (name, value) in variables) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandRun(process.ExitCode, output, errors.Result);
    }

    static void ShowsAndComputes(CommandRun doctor, string folder)
    {
        Assert.That(doctor.Code, Is.Zero, doctor.Output + doctor.Error);
        // "libraries" is where the loaded library was mapped from; 1,204 by "nm -D", without the versioned symbols.
        Assert.That(doctor.Output, Does.Match(@"LibTorch +2\.10\.0\n").And.Match($@"libraries +{folder}\n")
            .And.Match(@"symbols +all 1204 that TorchSharp needs bind\n").And.Match(@"cpu +works\n"));
    }

    [Test]
    public void The_argument_comes_before_the_variable() =>
        ShowsAndComputes(Run(OwnProgram, new() { [LibTorch.Variable] = "/nowhere" }, Path.GetTempPath(), "doctor", "--libtorch",
            InPackageCache), InPackageCache);

    [Test]
    public void The_variable_chooses_and_environment_json_says_so()
    {
        using var place = new Workplace();
        var run = Run(OwnProgram, new() { [LibTorch.Variable] = InPackageCache }, place.Folder, "run", "--only", "first");
        Assert.That(run.Code, Is.Zero, run.Output + run.Error);
        Assert.That((string?)JsonNode.Parse(File.ReadAllText(place.At("runs", "first", "1", "environment.json")))!["libTorch"],
            Is.EqualTo($"2.10.0 in {InPackageCache}"));
    }

    [Test]
    public void Auto_asks_Python_on_the_search_path_alone()
    {
        using var files = new TemporaryFiles();
        Directory.CreateDirectory(files.PathOf("torch"));
        Directory.CreateSymbolicLink(files.PathOf("torch/lib"), InPackageCache);
        Directory.CreateDirectory(files.PathOf("bin"));
        Script(files, "bin/python3", $"echo {files.PathOf("torch")}");
        Script(files, "python3", $"touch {files.PathOf("ran")}"); // in the current folder
        ShowsAndComputes(Run(OwnProgram, new() { ["PATH"] = $".::{files.PathOf("bin")}" }, files.Folder, "doctor", "--libtorch", "auto"),
            InPackageCache);
        Assert.That(File.Exists(files.PathOf("ran")), Is.False);
    }

    [Test]
    public void A_module_in_the_current_folder_is_not_found_or_run()
    {
        using var files = new TemporaryFiles();
        foreach (var module in (string[])["torch", "importlib", "types"])
        {
            Directory.CreateDirectory(files.PathOf(module));
            files.Write(Path.Combine(module, "__init__.py"), $"open('{files.PathOf("ran")}', 'w')\n");
        }
        Directory.CreateDirectory(files.PathOf("torch/lib"));
        var run = Run(OwnProgram, [], files.Folder, "doctor", "--libtorch", "auto");
        Assert.That(run.Output + run.Error, Does.Not.Contain(files.Folder));
        Assert.That(File.Exists(files.PathOf("ran")), Is.False);
    }

    static string Script(TemporaryFiles files, string name, string line)
    {
        var script = files.Write(name, $"#!/bin/sh\n{line}\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return script;
    }

    [TestCase("echo FOLDER", true, "")]
    [TestCase("echo ModuleNotFoundError >&2; exit 1", false, "has no module torch")]
    [TestCase("echo /nowhere", false, "has no module torch")]
    [TestCase("while :; do echo yyyyyyyyyyyyyyy; done", false, "has no module torch")]
    [TestCase("sleep 60", false, "gave no answer within 0.5 seconds")]
    public void What_Python_may_answer(string line, bool isFound, string problem)
    {
        using var files = new TemporaryFiles();
        var script = Script(files, "python3", line.Replace("FOLDER", files.Folder, StringComparison.Ordinal));
        var clock = Stopwatch.StartNew();
        var found = InstalledPyTorch.Ask(script, TimeSpan.FromSeconds(0.5), out var said);
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)));
        Assert.That(found, isFound ? Is.EqualTo(files.Folder) : Is.Null);
        if (!isFound) Assert.That(said, Is.EqualTo(problem));
    }

    [Test]
    public void A_Python_that_cannot_be_started_is_named()
    {
        using var files = new TemporaryFiles();
        Assert.That(InstalledPyTorch.Ask(files.Write("python3", "no program"), InstalledPyTorch.Patience, out var said), Is.Null);
        Assert.That(said, Does.StartWith("cannot be started ("));
    }

    /// <summary>A folder with links to the libraries, but its own libc10.so.</summary>
    static string Fake(TemporaryFiles files, byte[] c10)
    {
        foreach (var library in (string[])["libtorch.so", "libtorch_cpu.so"])
            File.CreateSymbolicLink(files.PathOf(library), Path.Combine(Own, library));
        files.Write("libc10.so", c10);
        return files.Folder;
    }

    /// <summary>libc10.so with another name in place of one, in all of its tables.</summary>
    static byte[] Renamed(string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Own, "libc10.so"));
        var (old, at) = (Encoding.ASCII.GetBytes(name + "\0"), 0);
        for (int found; (found = bytes.AsSpan(at).IndexOf(old)) >= 0; at += found + 1) bytes[at + found + 4] = (byte)'#';
        return bytes;
    }

    [Test]
    public void Rejects_a_LibTorch_that_lacks_one_symbol_before_anything_is_computed()
    {
        const string Symbol = "_ZN3c1017get_default_dtypeEv"; // libLibTorchSharp.so needs it of libc10.so
        using var files = new TemporaryFiles();
        var run = Run(OwnProgram, new() { [LibTorch.Variable] = Fake(files, Renamed(Symbol)) }, files.Folder, "run", "missing.json");
        Assert.That(run, Is.EqualTo(new CommandRun(2, "", $"TEXTGAN_LIBTORCH: LibTorch in '{files.Folder}' does not fit TorchSharp " +
            $"0.107.0: 1 of the 1204 symbols that it needs are missing, the first is {Symbol}.\n")));
    }

    [Test]
    public void Rejects_a_LibTorch_that_the_loader_knows_by_another_name()
    {
        using var files = new TemporaryFiles();
        Assert.That(Error(Fake(files, Renamed("libc10.so"))), Is.EqualTo($"--libtorch: LibTorch in '{files.Folder}' does not fit " +
            "TorchSharp 0.107.0: the loader knows libc10.so by another name (SONAME).\n"));
    }

    [Test]
    public void Rejects_files_that_are_no_libraries()
    {
        using (var files = new TemporaryFiles())
            Assert.That(Error(Fake(files, new byte[100])), Is.EqualTo($"--libtorch: '{files.PathOf("libc10.so")}' is not a 64-bit ELF " +
                "library.\n"));
        using (var files = new TemporaryFiles())
            Assert.That(Error(Fake(files, File.ReadAllBytes(Path.Combine(Own, "libc10.so"))[..10_000])),
                Is.EqualTo($"--libtorch: '{files.PathOf("libc10.so")}' is incomplete or not a library.\n"));
    }

    [Test]
    public void A_damaged_library_is_never_an_unexpected_error()
    {
        using var files = new TemporaryFiles();
        var (whole, random) = (File.ReadAllBytes(Path.Combine(Own, "libtorch_global_deps.so")), new Random(1));
        for (var i = 0; i < 300; i++)
        {
            var bytes = (byte[])whole.Clone();
            for (var change = 0; change < 40; change++) bytes[random.Next(i % 2 == 0 ? 64 : bytes.Length)] = (byte)random.Next(256);
            bytes.AsSpan(bytes.Length - random.Next(3000)).Fill((byte)random.Next(256)); // the section headers
            whole.AsSpan(0, 6).CopyTo(bytes);
            var file = files.Write("libc10.so", bytes);
            try
            {
                _ = new ElfLibrary(file);
            }
            catch (InvalidDataException)
            {
                // what a caller turns into a message
            }
        }
    }

    [Test]
    public void Rejects_folders_without_LibTorch()
    {
        using var files = new TemporaryFiles();
        var file = files.Write("file", "");
        Assert.That(Error(files.Folder), Is.EqualTo($"--libtorch: the folder '{files.Folder}' has no LibTorch: libc10.so is missing.\n"));
        Assert.That(Error(file), Is.EqualTo($"--libtorch: '{file}' is a file; a folder is needed.\n"));
        Assert.That(Error(files.PathOf("x")), Is.EqualTo($"--libtorch: the folder '{files.PathOf("x")}' does not exist.\n"));
        Assert.That(CommandRun.Of("list", "--kinds", "--libtorch", file).Code, Is.Zero, "it makes no tensor");
        Assert.That(CommandRun.Of("run", "--help", "--libtorch", file).Code, Is.Zero);
    }

    static string Error(string folder)
    {
        var run = CommandRun.Of("doctor", "--libtorch", folder);
        Assert.That((run.Code, run.Output), Is.EqualTo((2, "")));
        return run.Error;
    }

    [Test]
    public void Rejects_the_PyTorch_of_Debian_12()
    {
        if (!File.Exists(Path.Combine(Debian, "libtorch_cpu.so"))) Assert.Ignore("Debian's package python3-torch is not installed.");
        if (!File.ReadAllText(Path.Combine(Debian, "..", "version.py")).Contains("1.13", StringComparison.Ordinal))
            Assert.Ignore("Debian's package python3-torch is a newer one.");
        var run = Run(OwnProgram, [], Path.GetTempPath(), "doctor", "--libtorch", Debian);
        // The number is that of "nm -D", both sides sorted, "comm -23".
        Assert.That(run, Is.EqualTo(new CommandRun(2, "", $"--libtorch: LibTorch 1.13.0a0 in '{Debian}' does not fit TorchSharp 0.107.0: " +
            "304 of the 1204 symbols that it needs are missing, the first is _ZN2at4_ops18linalg_vector_norm4callERKNS_6TensorERKN3c10" +
            "6ScalarENS5_16OptionalArrayRefIlEEbSt8optionalINS5_10ScalarTypeEE.\n")));
    }

    /// <summary>The tables against what the loader finds.</summary>
    [Test]
    public void Symbols_that_a_library_needs_and_has_are_those_of_the_loader()
    {
        var folder = Own;
        var needed = new ElfLibrary(Path.Combine(AppContext.BaseDirectory, "runtimes/linux-x64/native/libLibTorchSharp.so")).Needed;
        string[] files = [.. ((string[])["libc10.so", "libtorch_cpu.so", "libtorch.so"]).Select(file => Path.Combine(folder, file))];
        var handles = files.Select(NativeLibrary.Load).ToArray(); // loaded already
        Assert.That(needed, Has.Count.EqualTo(1204).And.All.Matches<string>(
            name => handles.Any(handle => NativeLibrary.TryGetExport(handle, name!, out _))));
        var c10 = new ElfLibrary(files[0]);
        Assert.That(c10.Name, Is.EqualTo("libc10.so"));
        Assert.That(c10.Defined, Has.Count.GreaterThan(500));
        Assert.That(c10.Defined.Where(name => !NativeLibrary.TryGetExport(handles[0], name, out _)), Is.Empty);
    }

    [Test, Category("Long")]
    public void A_build_without_LibTorch_computes_with_that_of_a_folder()
    {
        var folder = InPackageCache;
        using var files = new TemporaryFiles();
        var start = new ProcessStartInfo("dotnet", ["build", Path.Combine(Repository.Root, "src", "TextGan.Cli"), "-c", "Release",
            "--nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false", "-p:TorchBackend=none", "--artifacts-path", files.Folder]) {
            RedirectStandardOutput = true };
        // What the test host was started with must not reach another build.
        foreach (var name in start.Environment.Keys.Where(key => key.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)
            || key.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        using (var build = Process.Start(start)!)
        {
            var output = build.StandardOutput.ReadToEnd();
            build.WaitForExit();
            Assert.That(build.ExitCode, Is.Zero, output);
        }
        Assert.That(Directory.EnumerateFiles(files.Folder, "libtorch*.so", SearchOption.AllDirectories), Is.Empty);
        var program = files.PathOf("bin/TextGan.Cli/release/textgan-cli.dll");
        Assert.That(Run(program, [], files.Folder, "doctor"), Is.EqualTo(new CommandRun(2, "", "--libtorch: this build has no LibTorch. " +
            "Name the library folder of an installed PyTorch, or 'auto' to ask Python for it.\n")));
        Assert.That(Run(program, [], files.Folder, "list", "--kinds").Code, Is.Zero);
        ShowsAndComputes(Run(program, new() { [LibTorch.Variable] = folder }, files.Folder, "doctor"), folder);
    }
}
