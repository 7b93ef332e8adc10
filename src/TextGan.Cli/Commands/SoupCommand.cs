using System.Globalization;
using TextGan.Native;
using TextGan.Runs.Events;

namespace TextGan.Cli.Commands;

/// <summary>Averages the weights of runs that share a start (rewarded soups, 2306.04488).</summary>
public static class SoupCommand
{
    /// <summary>How far from 1 the sum of weights may be.</summary>
    const double Tolerance = 1e-6;

    const int MostSteps = 100;

    public static Command Create(Terminal terminal)
    {
        var runs = new Argument<string[]>("RUN")
        {
            Description = "Two or more run folders: runs/EXPERIMENT/SEED, or runs/EXPERIMENT, of which equal seeds are averaged.",
            Arity = ArgumentArity.OneOrMore,
        };
        runs.CompletionSources.Add(Completions.Of(context => Completions.Runs(context, terminal)));
        var weights = new Option<string[]>("--weights") {
            Description = "The share of each run, such as .5,.5; 1 in all. May be repeated: a soup for each.", HelpName = "W,W,..." };
        var steps = new Option<int?>("--steps") {
            Description = "The line between two runs in so many steps: a soup at each place between them.", HelpName = "N" };
        var output = new Option<string>("--output", "-o") {
            Description = "The folder to write NAME-W-W/SEED to; that of the runs (runs) is a good place.", HelpName = "FOLDER",
            Required = true };
        var name = new Option<string>("--name") {
            Description = "What the soups are called before their weights.", HelpName = "NAME", DefaultValueFactory = _ => "soup" };
        var device = new Option<string>("--device") {
            Description = "auto, cpu or cuda:N.", HelpName = "DEVICE", DefaultValueFactory = _ => "auto" };
        var command = new Command("soup", "Average the weights of runs that began with the same generator, measure the means by the " +
            "first run's metrics, and write each as a finished run.") { runs, weights, steps, output, name, device };
        var reading = new ReadingOptions();
        reading.AddTo(command);
        command.SetAction(parsed =>
        {
            var where = Devices.Resolve(parsed.GetRequiredValue(device), "--device");
            var settings = reading.Settings(parsed, terminal);
            var sets = Sets([.. parsed.GetRequiredValue(runs).Select(run => PlotCommand.Folders([run], terminal))],
                parsed.GetRequiredValue(runs));
            var shares = Shares(parsed.GetValue(weights) ?? [], parsed.GetValue(steps), sets[0].Count);
            var target = parsed.GetRequiredValue(output);
            if (string.IsNullOrWhiteSpace(target)) throw new InvalidInputException("--output", "the name of the folder is empty.");
            string[] names = [.. shares.Select(share => Named(parsed.GetRequiredValue(name), share))];
            if (names.GroupBy(one => one).FirstOrDefault(same => same.Count() > 1) is { } twice)
                throw new InvalidInputException("--weights", $"two soups would be called {twice.Key}.");
            void Tell(string line) => terminal.WriteError(SafeText.Line(line));
            ModelSoup Open(IReadOnlyList<RunFolder> set, Action<string> warn) =>
                ModelSoup.Open([.. set.Select(folder => folder.Root)], settings, warn);
            RunFolder FolderOf(string name, ModelSoup soup) => RunFolder.Of(terminal.Shown(terminal.Full(target)), name, soup.Seed);
            // Opened once more to be written: the weights of all seeds at once might not fit into memory.
            foreach (var set in sets)
            {
                using var soup = Open(set, Tell);
                foreach (var folder in names.Select(one => FolderOf(one, soup)))
                    if (Path.Exists(folder.Root))
                        throw new InvalidInputException(folder.Root, "is there already; name another folder or, by --name, another name.");
            }
            var found = new List<(RunFolder, Evaluation)>();
            using var signals = new StopSignals(_ => Tell("Stopping after this soup. Press Ctrl+C again to abort."), Tell);
            foreach (var set in sets)
            {
                using var soup = Open(set, _ => { });
                foreach (var (share, one) in shares.Zip(names))
                {
                    var folder = FolderOf(one, soup);
                    found.Add((folder, soup.Write(share, folder, where, settings, Tell, Tell)));
                    terminal.WriteLine(SafeText.Line(folder.Root));
                    if (signals.ExitCode is { } code) throw new StoppedException(code);
                }
            }
            foreach (var line in MeasureCommand.Table(found).Lines(terminal.Width)) terminal.WriteError(line);
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>The runs that are averaged with each other: one of each argument, of experiments those with the same seed.</summary>
    static IReadOnlyList<IReadOnlyList<RunFolder>> Sets(IReadOnlyList<IReadOnlyList<RunFolder>> given, string[] names)
    {
        if (given.Count < 2) throw new InvalidInputException("RUN", "one run is given; a soup is the mean of two or more.");
        if (given.All(runs => runs.Count == 1)) return [[.. given.Select(runs => runs[0])]];
        var seeds = Seeds(given[0]);
        for (var i = 1; i < given.Count; i++)
            if (Seeds(given[i]) != seeds)
                throw new InvalidInputException(names[i], $"has the seeds {Seeds(given[i])}, and {names[0]} has {seeds}; equal seeds are " +
                    "averaged, so both need the same ones. Name single runs such as runs/EXPERIMENT/SEED.");
        return [.. given[0].Select((_, seed) => given.Select(runs => runs[seed]).ToList())];

        static string Seeds(IReadOnlyList<RunFolder> runs) => string.Join(", ", runs.Select(run => run.Seed));
    }

    static IReadOnlyList<IReadOnlyList<double>> Shares(string[] weights, int? steps, int runs)
    {
        if ((weights.Length > 0) == steps.HasValue)
            throw new InvalidInputException("--weights", "give either the weights or, of two runs, --steps.");
        if (steps is not { } count) return [.. weights.Select(words => Parse(words, runs))];
        if (runs != 2) throw new InvalidInputException("--steps", $"there are {runs} runs; a line has two ends. Give --weights.");
        if (count is < 2 or > MostSteps)
            throw new InvalidInputException("--steps", $"{count} is out of range; 2 to {MostSteps} are allowed.");
        return [.. Enumerable.Range(1, count - 1).Select(i => (double[])[1 - (double)i / count, (double)i / count])];
    }

    static double[] Parse(string words, int runs)
    {
        double[] shares = [.. words.Split(',').Select(word =>
            double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1 ? share
                : throw new InvalidInputException("--weights", $"'{word}' of '{words}' is not a number from 0 to 1."))];
        if (shares.Length != runs)
            throw new InvalidInputException("--weights",
                $"'{words}' has {Amount.Of(shares.Length, "weight")} for {Amount.Of(runs, "run")}; give one for each.");
        return Math.Abs(shares.Sum() - 1) <= Tolerance ? shares : throw new InvalidInputException("--weights",
            $"the sum of '{words}' is {shares.Sum().ToString("0.######", CultureInfo.InvariantCulture)}; it must be 1.");
    }

    /// <summary>"soup-0.5-0.5".</summary>
    static string Named(string name, IReadOnlyList<double> shares) =>
        name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') || NameRules.IsDevice(name)
            ? throw new InvalidInputException("--name", $"'{name}' cannot be an experiment's name; letters, digits, '-', '_' and '.' can.")
            : string.Join('-', [name, .. shares.Select(share => share.ToString("0.####", CultureInfo.InvariantCulture))]);
}
