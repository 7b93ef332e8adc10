using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace TextGan.Tests.Cli.Cluster;

/// <summary>A real Slurm of one node, started by <c>cluster.sh</c> and gone with this.</summary>
sealed class SlurmCluster : IDisposable
{
    readonly TemporaryFiles files = new();
    readonly Process process;

    public SlurmCluster()
    {
        var script = Path.Combine(Repository.Root, "tests", "TextGan.Tests.Runs", "Cli", "Cluster", "cluster.sh");
        process = Process.Start(new ProcessStartInfo("bash", [script, files.Folder, $"{FreePort()}", $"{FreePort()}"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        if (process.StandardOutput.ReadLine() == "ready") return;
        var log = File.ReadAllText(files.PathOf("daemons.log"));
        Dispose();
        Assert.Fail($"Slurm does not start:\n{log}");
    }

    /// <summary>Why a Slurm cannot be started here; null if it can.</summary>
    public static string? Missing => !OperatingSystem.IsLinux() ? "Slurm needs Linux."
        : !Environment.IsPrivilegedProcess ? "Slurm's daemons need root."
        : ((string[])["munged", "slurmctld", "slurmd", "sbatch"]).FirstOrDefault(name => !Exists(name)) is { } missing
            ? $"'{missing}' is missing; Debian has it in the packages slurm-wlm and munge."
        : null;

    static bool Exists(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin")
        .Any(folder => File.Exists(Path.Combine(folder, program)));

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts a program that finds this Slurm; gives its output.</summary>
    public string Run(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SLURM_CONF"] = files.PathOf("slurm.conf");
        using var started = Process.Start(start)!;
        var error = started.StandardError.ReadToEndAsync();
        var output = started.StandardOutput.ReadToEnd();
        started.WaitForExit();
        Assert.That(started.ExitCode, Is.Zero, error.Result);
        return output;
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
        files.Dispose();
    }
}
