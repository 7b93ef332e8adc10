using TextGan.Data;
using TextGan.Generators.Sampling;
using TextGan.Native;
using TextGan.Operations;
using TextGan.Storage;

namespace TextGan.Cli.Commands;

/// <summary>Draws texts from a trained run or a model.</summary>
public static class SampleCommand
{
    public static Command Create(Terminal terminal)
    {
        var source = new Argument<string>("RUN|MODEL") {
            Description = "A run folder (runs/EXPERIMENT/SEED), or a folder with a model in Hugging Face's layout and its tokenizer." };
        source.CompletionSources.Add(Completions.Of(context => Completions.Runs(context, terminal)));
        var count = new Option<int>("--count", "-n") {
            Description = "How many texts; with --prompts, how many per prompt. Default: 10; with --prompts 1.", HelpName = "N" };
        var temperature = new Option<double>("--temperature", "-t") {
            Description = "Logits are divided by it; 0 draws the most probable token.", HelpName = "T", DefaultValueFactory = _ => 1 };
        var topK = new Option<int>("--top-k") { Description = "Draw from the k most probable tokens only; 0 means all.", HelpName = "K" };
        var topP = new Option<double>("--top-p") {
            Description = "Draw from the fewest tokens that reach this probability together.", HelpName = "P",
            DefaultValueFactory = _ => 1 };
        var prompt = new Option<string?>("--prompt", "-p") { Description = "What every text begins with.", HelpName = "TEXT" };
        var prompts = new Option<string?>("--prompts") {
            Description = "A file of prompts: one per line, or JSON lines with \"prompt\". Gives JSON lines.", HelpName = "FILE" };
        var length = new Option<int?>("--length") {
            Description = "Most tokens of a text, the prompt's included. Default: the experiment's length; of a model 256, or what it " +
                "reads.",
            HelpName = "N" };
        var seed = new Option<int>("--seed", "-s") {
            Description = "The same seed gives the same texts, whatever their number.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var checkpoint = new Option<string?>("--checkpoint") {
            Description = "A checkpoint of the run by name, or 'best' (see training.keepBest). Default: the newest.", HelpName = "NAME" };
        var output = new Option<string?>("--output", "-o") {
            Description = "A file for JSON lines with \"text\", \"prompt\" (if there is one), \"tokens\", \"ended\" and " +
                "\"logProbability\", which the data kind \"text\" reads with \"format\": \"json-lines\". It appears, or replaces a file " +
                "of that name, when all texts are drawn. Default: the output, one text per line.", HelpName = "FILE" };
        var device = new Option<string>("--device") {
            Description = "auto, cpu or cuda:N.", HelpName = "DEVICE", DefaultValueFactory = _ => "auto" };
        var command = new Command("sample", "Draw texts from a trained run or a model in Hugging Face's layout.") {
            source, count, temperature, topK, topP, prompt, prompts, length, seed, checkpoint, output, device };
        var reading = new ReadingOptions();
        reading.AddTo(command);
        command.SetAction(parsed =>
        {
            var file = parsed.GetValue(prompts);
            if (file is not null && parsed.GetValue(prompt) is not null)
                throw new InvalidInputException("--prompts", "cannot be combined with --prompt; give one of them.");
            var texts = parsed.GetResult(count) is null ? file is null ? 10 : 1 : parsed.GetValue(count);
            var options = new SamplingOptions { Temperature = parsed.GetValue(temperature), TopK = parsed.GetValue(topK),
                TopP = parsed.GetValue(topP) };
            Check("--count", texts, 1, int.MaxValue);
            Check("--temperature", options.Temperature, 0, 100);
            Check("--top-k", options.TopK, 0, int.MaxValue);
            Check("--top-p", options.TopP, 0, 1);
            if (parsed.GetValue(length) is { } asked) Check("--length", asked, 1, 1_000_000);
            var target = OutputFiles.Path("--output", parsed.GetValue(output), terminal);
            using var model = LanguageModel.Open(terminal.Shown(terminal.Full(parsed.GetRequiredValue(source))),
                Devices.Resolve(parsed.GetRequiredValue(device), "--device"), parsed.GetValue(checkpoint),
                reading.Settings(parsed, terminal), warning => terminal.WriteError(SafeText.Line(warning)));
            if (model.Generator.MaximumLength is { } most && parsed.GetValue(length) > most)
                throw new InvalidInputException("--length",
                    $"is {parsed.GetValue(length)}; the model reads at most {Amount.Of(most, "token")}.");
            using var precision = ModelPrecision.Use(Precision.Float32);
            var beginnings = Prompts(parsed.GetValue(prompt), file, terminal);
            var drawn = new TextDrawing(model, options, parsed.GetValue(length) ?? model.UsualLength, beginnings)
                .Draw(texts, parsed.GetValue(seed));
            if (target is not null) Write(target, drawn, (long)texts * beginnings.Count, terminal);
            else foreach (var text in drawn) terminal.Output.WriteLine(file is null ? SafeText.Line(text.Whole) : text.ToJson());
            return ExitCode.Success;
        });
        return command;
    }

    static void Write(string path, IEnumerable<DrawnText> texts, long count, Terminal terminal)
    {
        ProgressBar.While(terminal, "texts", count, step => OutputFiles.WriteLines("--output", path, texts.Select(text =>
        {
            step();
            return text.ToJson();
        })));
        terminal.WriteLine(SafeText.Line($"{terminal.Shown(path)} has {Amount.Of(count, "text")}"));
    }

    /// <summary>What texts begin with, and the place that messages name.</summary>
    static IReadOnlyList<(string Prompt, string Place)> Prompts(string? prompt, string? file, Terminal terminal)
    {
        if (file is null) return [(prompt ?? "", "--prompt")];
        if (string.IsNullOrWhiteSpace(file)) throw new InvalidInputException("--prompts", "the name of the file is empty.");
        return PromptFile.Read(terminal.Shown(terminal.Full(file)));
    }

    static void Check(string option, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
            throw new InvalidInputException(option, $"{value} is out of range; {least} to {most} are allowed.");
    }
}
