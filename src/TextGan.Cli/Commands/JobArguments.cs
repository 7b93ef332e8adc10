using System.CommandLine.Parsing;
using TextGan.Cli.Jobs;
using TextGan.Native;

namespace TextGan.Cli.Commands;

/// <summary>The arguments that say how many runs are made side by side, and where.</summary>
public sealed class JobArguments
{
    /// <summary>Below this number of processors for each run a step gains much from another one.</summary>
    const int ProcessorsOfRun = 2;

    readonly Option<string?> jobs = new("--jobs", "-j")
    {
        Description = "Make so many runs at the same time, each in a process of its own with its share of the processors. " +
            "Default: a run for every two processors, as memory allows, or one for each CUDA device.",
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
        foreach (var place in places) Devices.Resolve(place, "--devices");
        if (places.Distinct().Count() < places.Length) throw new InvalidInputException("--devices", "names a device twice.");
        if (places.Length == 0) places = AllForAuto(experiments);
        var runs = only is null ? experiments.Sum(experiment => experiment.Options.Seeds.Count) : 1;
        var count = Math.Min(runs, Number(parsed.GetValue(jobs)) ?? Default(experiments, places));
        string[] words = [.. parsed.Tokens.Select(token => token.Value)];
        var command = parsed.Tokens.ToList().FindIndex(token => token.Type == TokenType.Command) + 1;
        return new JobOptions(count, places, [.. Program, .. words[..command]], folder, words[command..]);
    }

    /// <summary>Where all experiments leave the choice open, all CUDA devices if there are several.</summary>
    static string[] AllForAuto(IReadOnlyList<LoadedExperiment> experiments) =>
        Devices.Count > 1 && experiments.All(experiment => experiment.Options.Device == "auto")
            ? [.. Enumerable.Range(0, Devices.Count).Select(index => $"cuda:{index}")] : [];

    static int? Number(string? given) => given is null ? null : int.TryParse(given, out var count) && count >= 1 ? count
        : throw new InvalidInputException("--jobs", $"'{given}' is not a number of runs; 1 or more are allowed.");

    static int Default(IReadOnlyList<LoadedExperiment> experiments, string[] places)
    {
        if (places.Any(place => place != "cpu")) return places.Length;
        if (experiments.Any(experiment => experiment.Options.Device.StartsWith("cuda", StringComparison.Ordinal))) return 1;
        var largest = experiments.Max(RunMemory.Estimate);
        return (int)Math.Clamp(Math.Min(Environment.ProcessorCount / ProcessorsOfRun, MachineMemory.Available / largest), 1, int.MaxValue);
    }

    /// <summary>This program, whether it was started by its own name or through 'dotnet'.</summary>
    static string[] Program
    {
        get
        {
            var (process, assembly) = (Environment.ProcessPath!, typeof(JobArguments).Assembly.Location);
            return Path.GetFileNameWithoutExtension(process) == typeof(JobArguments).Assembly.GetName().Name ? [process]
                : ["dotnet", assembly];
        }
    }
}
