using TextGan.Native;
using TextGan.Operations;

namespace TextGan.Cli.Commands;

/// <summary>Scores texts by a run's judges.</summary>
public static class ScoreCommand
{
    public static Command Create(Terminal terminal)
    {
        var run = new Argument<string>("RUN") { Description = "A run folder: runs/EXPERIMENT/SEED." };
        run.CompletionSources.Add(Completions.Of(context => Completions.Runs(context, terminal)));
        var texts = new Argument<string>("TEXTS") {
            Description = "A file with one text per line; if its name ends with .jsonl, one JSON object per line with 'text' and, " +
                "optionally, 'prompt', which is put before the text." };
        var step = new Option<long?>("--step") { Description = "Step of the checkpoint. Default: the newest.", HelpName = "N" };
        var output = new Option<string?>("--out", "-o") { Description = "File for the scores. Default: the output.", HelpName = "FILE" };
        var device = new Option<string>("--device") {
            Description = "auto, cpu or cuda:N.", HelpName = "DEVICE", DefaultValueFactory = _ => "auto" };
        var command = new Command(
            "score", "Score texts by a run's discriminators, and by its generator (nats per token): a JSON object per text, and the " +
            "means as a table.") { run, texts, step, output, device };
        var reading = new ReadingOptions();
        reading.AddTo(command);
        command.SetAction(parsed =>
        {
            var where = Devices.Resolve(parsed.GetRequiredValue(device), "--device");
            var folder = terminal.Shown(terminal.Full(parsed.GetRequiredValue(run)));
            var file = terminal.Shown(terminal.Full(parsed.GetRequiredValue(texts)));
            using var stored = StoredRun.Load(folder, where, null, reading.Settings(parsed, terminal),
                warning => terminal.WriteError(SafeText.Line(warning)), parsed.GetValue(step), withJudges: true);
            using var precision = ModelPrecision.Use(Precision.Float32);
            var means = new Means();
            var lines = TextScoring.Of(stored, TextInput.Read(file), where).Select(means.Add);
            if (parsed.GetValue(output) is { } target) OutputFiles.WriteLines("--out", terminal.Full(target), lines);
            else foreach (var line in lines) terminal.Output.WriteLine(line);
            foreach (var line in means.Table(terminal.Width)) terminal.WriteError(line);
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>The means over all texts.</summary>
    sealed class Means
    {
        readonly Dictionary<string, double> sums = [];
        long count;

        public string Add(SampleLine line)
        {
            count++;
            foreach (var (name, value) in line.Scores.Append(new("nll", line.Nll ?? double.NaN))) sums[name] = sums.GetValueOrDefault(name)
                + value;
            return line.ToJson();
        }

        public IReadOnlyList<string> Table(int width)
        {
            var table = new TextTable("judge", "texts", "mean");
            foreach (var (name, sum) in sums) table.Add(SafeText.Line(name, 40), NumberText.Whole(count), NumberText.Of(sum / count));
            return sums.Count == 0 ? ["no texts"] : table.Lines(width);
        }
    }
}
