using System.Diagnostics;

namespace TextGan.Tests.Cli.Cluster;

/// <summary>Runs the script of an array job as Slurm would, with stand-ins for Slurm's programs.</summary>
sealed class Bash : IDisposable
{
    readonly Process process;

    /// <param name="programs">The folder of the stand-ins.</param>
    /// <param name="arguments">Those of bash.</param>
    Bash(string programs, params string[] arguments)
    {
        var start = new ProcessStartInfo("bash", arguments) { RedirectStandardError = true };
        start.Environment["PATH"] = programs + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[("SLURM_ARRAY_TASK_ID", "0"), ("SLURM_ARRAY_JOB_ID", "12"),
            ("SLURMD_NODENAME", "node7")]) start.Environment[name] = value;
        process = Process.Start(start)!;
    }

    /// <summary>Starts the first element of an array job.</summary>
    public static Bash Element(string script, string programs) => new(programs, script);

    /// <summary>Whether bash reads the script without an error.</summary>
    public static void AssertReads(string script)
    {
        using var reader = new Bash("/", "-n", script);
        Assert.That(reader.End(), Is.Zero, reader.process.StandardError.ReadToEnd());
    }

    /// <summary>A folder with programs of these names and lines of bash.</summary>
    public static string Programs(string folder, params (string Name, string Lines)[] programs)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, lines) in programs)
        {
            var file = Path.Combine(folder, name);
            File.WriteAllText(file, $"#!/bin/bash\n{lines}\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        return folder;
    }

    public bool HasExited => process.HasExited;

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process.Id}"]);
        kill.WaitForExit();
    }

    public int End()
    {
        Assert.That(process.WaitForExit(120_000), "the script ends");
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        process.Dispose();
    }
}
