using System.Diagnostics;
using TextGan.Native;
using TextGan.Tests.Cli;

namespace TextGan.Tests.Packages;

/// <summary>
/// All packages of this checkout, packed into a folder of their own with a version that nothing else has, and commands that install from
/// there. What they depend on comes from the machine's package cache, else from nuget.org; nothing is written to that cache.
/// </summary>
sealed class PackageFeed : IDisposable
{
    readonly TemporaryFiles files = new();

    public PackageFeed()
    {
        // A template or a file-based app may stand below a file of the temporary folder that is meant for other projects.
        files.Write("Directory.Build.props", "<Project />");
        Directory.CreateDirectory(Packages);
        var pack = Dotnet(Repository.Root, "pack", "TextGan.sln", "-c", "Release", "--nologo", "-nodeReuse:false",
            "-p:UseSharedCompilation=false", $"-p:Version={Version}", "-p:ToolRuntimes=linux-x64", "-warnaserror:RS0016;RS0017",
            "--artifacts-path", files.PathOf("artifacts"), "-o", Packages);
        Assert.That(pack.Code, Is.Zero, pack.Output + pack.Error);
        files.Write("NuGet.config", $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="packed" value="{Packages}" />
                <add key="nuget.org" value="https://api.nuget.org/v3/index.json" />
              </packageSources>
              <fallbackPackageFolders><add key="machine" value="{MachineCache}" /></fallbackPackageFolders>
            </configuration>
            """);
    }

    public static string MachineCache { get; } = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>"0.1.0-test.123".</summary>
    public string Version { get; } =
        $"{typeof(LibTorch).Assembly.GetName().Version!.ToString(3)}-test.{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}";

    /// <summary>The folder of the packages.</summary>
    public string Packages => files.PathOf("feed");

    /// <summary>An empty folder.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(files.PathOf(name)).FullName;

    /// <summary>A command of the SDK that finds these packages.</summary>
    public CommandRun Dotnet(string folder, params string[] arguments) => Run("dotnet", folder, arguments);

    /// <summary>A program that knows nothing of this test's environment.</summary>
    public CommandRun Run(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        // What the test host was started with must not reach another build.
        foreach (var name in start.Environment.Keys.Where(key => key.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)
            || key.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase)).Append(LibTorch.Variable).ToList())
            start.Environment.Remove(name);
        // Commands in this checkout build as always; those in other folders have caches of their own.
        if (folder != Repository.Root)
        {
            start.Environment["NUGET_PACKAGES"] = files.PathOf("cache");
            start.Environment["DOTNET_CLI_HOME"] = files.PathOf("home"); // of templates
            start.Environment["XDG_DATA_HOME"] = NewFolder("data"); // of file-based apps
        }
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandRun(process.ExitCode, output, errors.Result);
    }

    public void Dispose() => files.Dispose();
}
