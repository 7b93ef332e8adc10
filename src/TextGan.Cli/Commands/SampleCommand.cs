using System.Text.Json;
using System.Text.Unicode;
using TextGan.Data;
using TextGan.Generators.Sampling;
using TextGan.Native;
using TextGan.Operations;
using TextGan.Tokenization;
using TorchSharp;
using JavaScriptEncoder = System.Text.Encodings.Web.JavaScriptEncoder;

namespace TextGan.Cli.Commands;

/// <summary>Draws texts from a trained run.</summary>
public static class SampleCommand
{
    /// <summary>
    /// Texts drawn at a time, always this many: how many are asked for changes neither the texts before nor the memory. A number drawn for
    /// a text depends on the rows beside it.
    /// </summary>
    const int Batch = 64;

    /// <summary>Text outside of ASCII stays readable; what terminals act on is escaped by JSON itself.</summary>
    static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public static Command Create(Terminal terminal)
    {
        var run = new Argument<string>("RUN") { Description = "A run folder: runs/EXPERIMENT/SEED." };
        var count = new Option<int>("--count", "-n") {
            Description = "How many texts; with --prompts, how many per prompt. Default: 10; with --prompts 1.", HelpName = "N" };
        var temperature = new Option<double>("--temperature", "-t") {
            Description = "Logits are divided by it; 0 draws the most probable token.", HelpName = "T", DefaultValueFactory = _ => 1 };
        var topK = new Option<int>("--top-k") { Description = "Draw from the k most probable tokens only; 0 means all.", HelpName = "K" };
        var topP = new Option<double>("--top-p") {
            Description = "Draw from the fewest tokens that reach this probability together.", HelpName = "P", DefaultValueFactory = _ =>
            1 };
        var prompt = new Option<string?>("--prompt", "-p") { Description = "What every text begins with.", HelpName = "TEXT" };
        var prompts = new Option<string?>("--prompts") {
            Description = "A file of prompts: one per line, or JSON lines with \"prompt\". Gives JSON lines with \"prompt\" and \"text\".",
            HelpName = "FILE" };
        var length = new Option<int?>("--length") {
            Description = "Most tokens of a text, the prompt's included. Default: the experiment's length.", HelpName = "N" };
        var seed = new Option<int>("--seed", "-s") {
            Description = "The same seed gives the same texts, whatever their number.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var checkpoint = new Option<string?>("--checkpoint") {
            Description = "A checkpoint of the run by name, or 'best' (see training.keepBest). Default: the newest.", HelpName = "NAME" };
        var device = new Option<string>("--device") {
            Description = "auto, cpu or cuda:N.", HelpName = "DEVICE", DefaultValueFactory = _ => "auto" };
        var command = new Command("sample", "Draw texts from a trained run, one per line.") {
            run, count, temperature, topK, topP, prompt, prompts, length, seed, checkpoint, device };
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
            var folder = terminal.Shown(terminal.Full(parsed.GetRequiredValue(run)));
            using var stored = StoredRun.Load(folder, Devices.Resolve(parsed.GetRequiredValue(device), "--device"),
                parsed.GetValue(checkpoint), reading.Settings(parsed, terminal),
                warning => terminal.Error.WriteLine(SafeText.Line(warning)));
            if (stored.Generator.MaximumLength is { } most && parsed.GetValue(length) > most)
                throw new InvalidInputException("--length",
                    $"is {parsed.GetValue(length)}; the run's model reads at most {Amount.Of(most, "token")}.");
            using var precision = ModelPrecision.Use(Precision.Float32);
            Draw(stored, options, texts, parsed.GetValue(length)
                ?? stored.Encoder.Length, Prompts(parsed.GetValue(prompt), file, terminal), file is not null, parsed.GetValue(seed),
                terminal);
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>What texts begin with, and the place that messages name.</summary>
    static IReadOnlyList<(string Prompt, string Place)> Prompts(string? prompt, string? file, Terminal terminal)
    {
        if (file is null) return [(prompt ?? "", "--prompt")];
        if (string.IsNullOrWhiteSpace(file)) throw new InvalidInputException("--prompts", "the name of the file is empty.");
        return PromptFile.Read(terminal.Shown(terminal.Full(file)));
    }

    static void Draw(
        StoredRun stored, SamplingOptions options, int count, int length, IReadOnlyList<(string Prompt, string Place)> prompts, bool asJson,
            int seed, Terminal terminal)
    {
        using var scope = torch.NewDisposeScope();
        var encoder = new TextEncoder(stored.Encoder.Tokenizer, length);
        IReadOnlyList<int>[] ids = [.. prompts.Select(one => Ids(stored, one.Prompt, one.Place, encoder))];
        torch.manual_seed(seed);
        var all = (long)count * ids.Length;
        for (var first = 0L; first < all; first += Batch)
        {
            using var batch = torch.NewDisposeScope();
            // One text of each prompt after another, so that the number of texts changes none of them.
            int[] rows = [.. Enumerable.Range(0, Batch).Select(i => (int)((first + i) % ids.Length))];
            var tokenizer = encoder.Tokenizer;
            var samples = Sampler.Sample(stored.Generator, options, Batch, length, tokenizer.StartId, tokenizer.EndId,
                PromptBatch.Of([.. rows.Select(row => ids[row])]), tokenizer.PaddingId);
            var left = (int)Math.Min(Batch, all - first);
            if (!asJson)
            {
                foreach (var text in encoder.Decode(samples.Tokens.Ids).Take(left)) terminal.Output.WriteLine(SafeText.Line(text));
                continue;
            }
            foreach (var (row, response) in rows.Zip(encoder.Responses(samples.Tokens)).Take(left))
                terminal.Output.WriteLine(
                    JsonSerializer.Serialize(new Dictionary<string,
                    string> { ["prompt"] = prompts[row].Prompt, ["text"] = tokenizer.Decode(response) }, Json));
        }
    }

    /// <summary>The ids of a prompt; none for a prompt without any token.</summary>
    static IReadOnlyList<int> Ids(StoredRun stored, string prompt, string place, TextEncoder encoder)
    {
        if (prompt.Length == 0) return [];
        var (text, hasControls) = stored.PromptOf(prompt);
        var ids = hasControls ? encoder.EncodePrompt(text, controls: true) : encoder.Tokenizer.Encode(text);
        if (ids.Count >= encoder.Length)
            throw new InvalidInputException(place,
                $"has {Amount.Of(ids.Count, "token")}; texts have {encoder.Length} (see --length), so the most for a prompt is " +
                $"{encoder.Length - 1}.");
        if (!hasControls && encoder.Tokenizer.EndId is { } end && ids.Contains(end))
            throw new InvalidInputException(place,
                $"has the run's end token, '{encoder.Tokenizer.TokenText(end)}', with which a text ends: nothing can follow it.");
        if (encoder.Tokenizer.UnknownId is not { } unknown || !ids.Contains(unknown)) return ids;
        // The tokenizer reads a word at a time, so what it does not know can be named.
        var words = prompt.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Where(word => encoder.Tokenizer.Encode(word).Contains(unknown)).Distinct();
        throw new InvalidInputException(
            place, $"the run's vocabulary does not have {string.Join(", ", words.Select(word => $"'{word}'"))}.");
    }

    static void Check(string option, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
            throw new InvalidInputException(option, $"{value} is out of range; {least} to {most} are allowed.");
    }
}
