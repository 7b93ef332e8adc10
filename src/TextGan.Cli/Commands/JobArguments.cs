using System.CommandLine.Parsing;
using TextGan.Cli.Jobs;
using TextGan.Experiments;
using TextGan.Native;

namespace TextGan.Cli.Commands;

/// <summary>The arguments that say how many runs are made side by side, and where.</summary>
public sealed class JobArguments
{
    /// <summary>Up to this many processors, a step gets much faster with each one.</summary>
    const int ProcessorsOfRun = 2;

    readonly Option<string?> jobs = new("--jobs", "-j")
    {
        Description = "Train N runs at once, each in its own process with its share of the processors. " +
            "Default: half the number of processors; with CUDA the number of devices.",
        HelpName = "N",
    };

    readonly Option<string[]> devices = new("--devices")
    {
        Description = "Train on these devices in turn, for example cuda:0,cuda:1, whatever the experiments say.",
        HelpName = "DEVICES",
        AllowMultipleArgumentsPerToken = true,
    };

    readonly Option<string?> worker = new(WorkerOrder.Option) { Hidden = true };

    public void AddTo(Command command)
    {
        command.Add(jobs);
        command.Add(devices);
        command.Add(worker);
    }

    /// <summary>What another process wants of this one; null where a user gave the command.</summary>
    public WorkerOrder? Order(ParseResult parsed) => parsed.GetValue(worker) is { } text ? WorkerOrder.Parse(text) : null;

    /// <summary>How the experiments' runs are made.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="folder">Where its relative paths begin.</param>
    /// <param name="experiments">What is to be run.</param>
    /// <param name="only">The only run that is to be made; null for all.</param>
    /// <exception cref="InvalidInputException">A number or a device cannot be used.</exception>
    public JobOptions Plan(ParseResult parsed, string folder, IReadOnlyList<LoadedExperiment> experiments, RunId? only)
    {
        string[] places = [.. (parsed.GetValue(devices) ?? []).SelectMany(names => names.Split(',', StringSplitOptions.TrimEntries))];
        if (places.DistinctBy(place => Devices.Resolve(place, "--devices").ToString()).Count() < places.Length)
            throw new InvalidInputException("--devices", "names a device twice.");
        if (places.Length > 0 && experiments.FirstOrDefault(one => one.Options.Swept.Any(swept => swept.Option == "device")) is { } swept)
            throw new InvalidInputException("--devices",
                $"the experiment '{swept.Options.Name}' sweeps over 'device'; leave --devices out.");
        if (places.Length == 0) places = AllForAuto(experiments);
        var runs = only is null ? experiments.Sum(experiment => experiment.Options.Seeds.Count) : 1;
        var count = Math.Min(runs, Number(parsed.GetValue(jobs)) ?? Default(experiments, places));
        return new JobOptions(
            count, places, [.. Program, parsed.CommandResult.Command.Name], folder, RepeatedArguments.Of(parsed, [jobs, devices, worker]));
    }

    /// <summary>Where all experiments leave the choice open, all CUDA devices if there are several.</summary>
    static string[] AllForAuto(IReadOnlyList<LoadedExperiment> experiments) =>
        Devices.Count > 1 && experiments.All(experiment => experiment.Options.Device == "auto")
            ? [.. Enumerable.Range(0, Devices.Count).Select(index => $"cuda:{index}")] : [];

    static int? Number(string? given) => given is null ? null : int.TryParse(given, out var count) && count >= 1 ? count
        : throw new InvalidInputException("--jobs", $"'{given}' is not a number of runs; 1 or more are allowed.");

    /// <summary>Memory does not count here, or a command's threads would depend on what else the machine does at the moment.</summary>
    static int Default(IReadOnlyList<LoadedExperiment> experiments, string[] places) =>
        places.Any(place => place != "cpu") ? places.Length
        : experiments.Any(experiment => UsesCuda(experiment.Options)) ? 1
        : Math.Max(1, Environment.ProcessorCount
            / Math.Max(ProcessorsOfRun, experiments.Max(experiment => experiment.Options.Threads ?? 0)));

    static bool UsesCuda(ExperimentOptions options) => options.Discriminators.Select(discriminator => discriminator.Device)
        .Append(options.Device).Any(name => name is not null
            && (name.StartsWith("cuda", StringComparison.Ordinal) || (name == "auto" && Devices.Count > 0)));

    /// <summary>This program, whether it was started by its own name or through 'dotnet'.</summary>
    static string[] Program
    {
        get
        {
            var (process, assembly) = (Environment.ProcessPath!, typeof(JobArguments).Assembly.Location);
            var name = Path.GetFileNameWithoutExtension(process);
            return assembly.Length == 0 || name == typeof(JobArguments).Assembly.GetName().Name ? [process]
                : [name == "dotnet" ? process : "dotnet", assembly];
        }
    }
}
