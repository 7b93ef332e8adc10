using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using TextGan.Metrics;
using TextGan.Native;
using TextGan.Operations;

namespace TextGan.Cli.Commands;

/// <summary>Ranks texts by their likelihood under language models.</summary>
public static class RankCommand
{
    /// <summary>A text, its place in the input, and what each model says of it.</summary>
    sealed record Ranked(string Text, string? Prompt, double[] Scores, double[] Ranks);

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    public static Command Create(Terminal terminal)
    {
        var models = new Option<string[]>("--model", "-m") {
            Description = "A run folder (runs/EXPERIMENT/SEED) or a folder with a model in Hugging Face's layout. May be repeated: the " +
                "first decides the order, and how far the others agree is told.", HelpName = "PATH", Required = true };
        var texts = new Argument<string>("TEXTS") {
            Description = "A file with one text per line (empty ones are skipped); if its name ends with .jsonl, one JSON object per " +
                $"line with 'text' and, optionally, 'prompt', after which the text is scored. '{TextInput.Standard}' is standard input." };
        var isJson = new Option<bool>("--json") { Description = "The lines are JSON, whatever the file's name." };
        var sum = new Option<bool>("--sum") {
            Description = "Rank by log p of the whole text. Default: by its mean over the tokens, which does not favour short texts." };
        var withoutEnd = new Option<bool>("--without-end") {
            Description = "Do not count the end token, which says how well the text stops where it does." };
        var top = new Option<int>("--top") {
            Description = "Show so many texts; 0 shows all.", HelpName = "N", DefaultValueFactory = _ => 20 };
        var output = new Option<string?>("--output", "-o") {
            Description = "A file for all texts, best first: a table if its name ends with .csv, else JSON lines.", HelpName = "FILE" };
        var device = new Option<string>("--device") {
            Description = "auto, cpu or cuda:N.", HelpName = "DEVICE", DefaultValueFactory = _ => "auto" };
        var command = new Command("rank", "Rank texts by their log-likelihood (nats per token) under language models, best first; of " +
            "several models also Spearman's rank correlation.") { texts, models, isJson, sum, withoutEnd, top, output, device };
        var reading = new ReadingOptions();
        reading.AddTo(command);
        command.SetAction(parsed =>
        {
            var where = Devices.Resolve(parsed.GetRequiredValue(device), "--device");
            var folders = parsed.GetRequiredValue(models);
            if (folders.GroupBy(folder => terminal.Full(folder)).FirstOrDefault(same => same.Count() > 1) is { } twice)
                throw new InvalidInputException("--model", $"'{twice.First()}' is given twice.");
            if (parsed.GetValue(top) < 0)
                throw new InvalidInputException("--top", $"{parsed.GetValue(top)} is out of range; 0 or more is allowed.");
            var target = OutputFiles.Path("--output", parsed.GetValue(output), terminal);
            var found = Texts(parsed.GetRequiredValue(texts), parsed.GetValue(isJson), terminal);
            using var precision = ModelPrecision.Use(Precision.Float32);
            double Of(Generators.TextLikelihood text) => parsed.GetValue(sum) ? text.Sum(!parsed.GetValue(withoutEnd))
                : text.PerToken(!parsed.GetValue(withoutEnd));
            double[][] scores = [.. folders.Select(folder =>
            {
                using var model = LanguageModel.Open(terminal.Shown(terminal.Full(folder)), where, null,
                    reading.Settings(parsed, terminal), warning => terminal.WriteError(SafeText.Line(warning)));
                return Scores(model, folder, found, Of, terminal);
            })];
            var ranked = Rank(found, scores);
            var unit = parsed.GetValue(sum) ? "nats" : "nats/token";
            if (target is not null)
                OutputFiles.WriteLines("--output", target, target.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)
                    ? Csv(ranked, folders) : ranked.Select(text => JsonOf(text, folders)));
            var shown = parsed.GetValue(top) is > 0 and var most ? most : ranked.Count;
            foreach (var line in Table(ranked.Take(shown), folders, unit, terminal.Width)) terminal.WriteLine(line);
            if (shown < ranked.Count) terminal.WriteLine($"... and {Amount.Of(ranked.Count - shown, "further text")}");
            foreach (var line in Correlations(scores, folders, terminal.Width)) terminal.WriteLine(line);
            return ExitCode.Success;
        });
        return command;
    }

    static List<(string Text, string? Prompt, string Place)> Texts(string file, bool isJson, Terminal terminal)
    {
        List<(string Text, string? Prompt, string Place)> all;
        if (file == TextInput.Standard)
        {
            using var input = terminal.Input();
            all = [.. TextInput.Read(input, "standard input", isJson)];
        }
        else
        {
            var path = terminal.Shown(terminal.Full(file));
            (isJson, all) = (isJson || TextInput.IsJson(path), [.. TextInput.Read(path, isJson)]);
        }
        if (!isJson) all.RemoveAll(text => string.IsNullOrWhiteSpace(text.Text));
        return all.Count > 0 ? all : throw new InvalidInputException(file, "There is no text to rank.");
    }

    static double[] Scores(LanguageModel model, string folder, List<(string Text, string? Prompt, string Place)> texts,
        Func<Generators.TextLikelihood, double> score, Terminal terminal)
    {
        var (scores, cut) = (new double[texts.Count], 0);
        // Their last bits depend on the texts beside them, and equal texts have equal ranks.
        var known = new Dictionary<(string, string?), double>();
        ProgressBar.While(terminal, SafeText.Line(folder, 30), texts.Count, step =>
        {
            var next = 0;
            foreach (var text in model.Likelihoods(texts))
            {
                if (model.Encoder.Tokenizer.EndId is not null && text.OfEnd is null) cut++;
                var (words, prompt, _) = texts[next];
                scores[next] = known.TryGetValue((words, prompt), out var earlier) ? earlier : known[(words, prompt)] = score(text);
                if (!double.IsFinite(scores[next]))
                    throw new InvalidInputException(texts[next].Place, text.Tokens == 0 ? "The text has no token that could be scored."
                        : $"The model in {folder} gives it the score {scores[next].ToString(CultureInfo.InvariantCulture)}.");
                next++;
                step();
            }
        });
        if (cut > 0)
            terminal.WriteError(SafeText.Line($"warning: {folder} reads {model.Encoder.Length} tokens: {Amount.Of(cut, "text")} " +
                $"{(cut == 1 ? "is" : "are")} cut, or without an end"));
        return scores;
    }

    /// <summary>The best first by the first model; of equal ones the earlier in the input.</summary>
    static IReadOnlyList<Ranked> Rank(List<(string Text, string? Prompt, string Place)> texts, double[][] scores)
    {
        double[][] ranks = [.. scores.Select(own => RankCorrelation.Ranks([.. own.Select(score => -score)]))];
        return [.. texts.Select((text, i) => new Ranked(
            text.Text, text.Prompt, [.. scores.Select(own => own[i])], [.. ranks.Select(own => own[i])])).OrderBy(text => text.Ranks[0])];
    }

    static string JsonOf(Ranked text, string[] models) => SafeText.Json(JsonSerializer.Serialize(new
    {
        Rank = text.Ranks[0], text.Text, text.Prompt, Scores = Named(models, text.Scores), Ranks = Named(models, text.Ranks),
    }, Json));

    static Dictionary<string, double> Named(string[] models, double[] values) => models.Zip(values).ToDictionary();

    static IEnumerable<string> Csv(IReadOnlyList<Ranked> texts, string[] models)
    {
        yield return Row(["rank", "text", "prompt", .. models.SelectMany(model => (string[])[$"score {model}", $"rank {model}"])]);
        foreach (var text in texts)
            yield return Row([Number(text.Ranks[0]), text.Text, text.Prompt ?? "", .. text.Scores.Zip(text.Ranks)
                .SelectMany(pair => (string[])[Number(pair.First), Number(pair.Second)])]);

        static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
        static string Row(IEnumerable<string> cells) => string.Join(',', cells.Select(cell =>
            cell.AsSpan().ContainsAny(",\"\n\r") ? $"\"{SafeText.Line(cell).Replace("\"", "\"\"")}\"" : SafeText.Line(cell)));
    }

    static IReadOnlyList<string> Table(IEnumerable<Ranked> texts, string[] models, string unit, int width)
    {
        // The first model's ranks are the table's; each further model has a column of its own.
        string[] headers = ["rank", .. models.Length == 1 ? [unit] : models.SelectMany((model, i) =>
            (string[])[SafeText.Line(model, 24), .. i == 0 ? (string[])[] : ["rank"]])];
        var table = new TextTable([.. headers, "text"]) { LeftAligned = true };
        var room = Math.Max(20, width - headers.Sum(header => Math.Max(8, header.Length) + 2));
        foreach (var text in texts)
            table.Add([Rank(text.Ranks[0]), .. text.Scores.SelectMany((score, i) =>
                (string[])[NumberText.Of(score), .. i == 0 ? (string[])[] : [Rank(text.Ranks[i])]]), Shown(text, room)]);
        return table.Lines(width);

        static string Rank(double rank) => rank.ToString("0.#", CultureInfo.InvariantCulture);
    }

    static string Shown(Ranked text, int room) =>
        SafeText.Line(text.Prompt is null ? text.Text : $"{text.Prompt} → {text.Text.TrimStart()}", room - 1);

    static IReadOnlyList<string> Correlations(double[][] scores, string[] models, int width)
    {
        if (models.Length == 1) return [];
        var table = new TextTable("Spearman's rank correlation", "", "r", "95% interval", "texts") { LeftAligned = true };
        for (var first = 0; first < models.Length; first++)
            for (var second = first + 1; second < models.Length; second++)
            {
                var r = RankCorrelation.Spearman(scores[first], scores[second]);
                var (low, high) = RankCorrelation.Interval(r, scores[first].Length);
                table.Add(SafeText.Line(models[first], 40), SafeText.Line(models[second], 40), NumberText.Of(r),
                    double.IsNaN(low) ? "" : $"{NumberText.Of(low)} to {NumberText.Of(high)}", NumberText.Whole(scores[first].Length));
            }
        return ["", .. table.Lines(width)];
    }
}
