using System.ComponentModel;
using System.Diagnostics;

namespace TextGan.Cli.Cluster;

/// <summary>Slurm's command that submits scripts.</summary>
/// <param name="path">The program.</param>
public sealed class Sbatch(string path)
{
    /// <summary>The command as PATH has it.</summary>
    /// <exception cref="InvalidInputException">No folder of PATH has sbatch.</exception>
    public static Sbatch Find(Terminal terminal)
    {
        var folders = (terminal.Variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Select(folder => Path.Combine(folder, "sbatch")).FirstOrDefault(File.Exists) is { } found ? new Sbatch(found)
            : throw new InvalidInputException("--slurm",
                "the program 'sbatch' is not on the PATH; submit where Slurm is installed, or look at the script with --dry-run.");
    }

    /// <summary>Submits the script of a job; gives the job's number.</summary>
    /// <exception cref="RunFailedException">Slurm rejects it.</exception>
    public string Submit(string script, SlurmJob job)
    {
        var start = new ProcessStartInfo(path, ["--parsable", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // sbatch prefers environment variables to what a script says.
        string[] overruling = ["ARRAY_INX", "NO_REQUEUE", "OUTPUT", "SIGNAL", job.Time is null ? "" : "TIMELIMIT",
            job.Partition is null ? "" : "PARTITION"];
        foreach (var name in overruling) start.Environment.Remove($"SBATCH_{name}");
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            // "12", with several clusters "12;cluster"
            var number = output.Result.Trim().Split(';')[0];
            if (process.ExitCode == 0 && number.Length > 0) return number;
            string[] reasons = error.Replace("sbatch: error: ", "")
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            throw new RunFailedException(
                $"sbatch rejected the job: {(reasons.Length > 0 ? string.Join("; ", reasons) : $"exit code {process.ExitCode}")}");
        }
        catch (Win32Exception refused)
        {
            throw new RunFailedException($"'{path}' cannot be started: {refused.Message}", refused);
        }
    }
}
