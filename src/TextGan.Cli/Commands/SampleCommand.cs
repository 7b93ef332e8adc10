using System.CommandLine;
using TextGan.Cli.Display;
using TextGan.Runs;
using TextGan.Generators.Sampling;
using TextGan.Native;
using TextGan.Problems;
using TextGan.Tokenization;
using TorchSharp;

namespace TextGan.Cli.Commands;

/// <summary>Draws texts from a trained run.</summary>
public static class SampleCommand
{
    /// <summary>
    /// Texts drawn at a time, always this many: how many are asked for changes neither the texts before nor the memory. A number drawn for a
    /// text depends on the rows beside it.
    /// </summary>
    const int Batch = 64;

    public static Command Create(Terminal terminal)
    {
        var run = new Argument<string>("RUN") { Description = "A run folder: runs/EXPERIMENT/SEED." };
        var count = new Option<int>("--count", "-n") { Description = "How many texts.", HelpName = "N", DefaultValueFactory = _ => 10 };
        var temperature = new Option<double>("--temperature", "-t") { Description = "Logits are divided by it; 0 takes the most probable token.", HelpName = "T", DefaultValueFactory = _ => 1 };
        var topK = new Option<int>("--top-k") { Description = "Draw from the k most probable tokens only; 0 means all.", HelpName = "K" };
        var topP = new Option<double>("--top-p") { Description = "Draw from the fewest tokens that reach this probability together.", HelpName = "P", DefaultValueFactory = _ => 1 };
        var prompt = new Option<string?>("--prompt", "-p") { Description = "What every text begins with.", HelpName = "TEXT" };
        var length = new Option<int?>("--length") { Description = "Most tokens of a text, the prompt's included. Default: the experiment's length.", HelpName = "N" };
        var seed = new Option<int>("--seed", "-s") { Description = "The same seed gives the same texts, whatever their number.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var checkpoint = new Option<string?>("--checkpoint") { Description = "A checkpoint of the run by name, or 'best' (see training.keepBest). Default: the newest.", HelpName = "NAME" };
        var device = new Option<string>("--device") { Description = "auto, cpu or cuda:N.", HelpName = "DEVICE", DefaultValueFactory = _ => "auto" };
        var command = new Command("sample", "Draw texts from a trained run, one a line.") { run, count, temperature, topK, topP, prompt, length, seed, checkpoint, device };
        var reading = new ReadingOptions();
        reading.AddTo(command);
        command.SetAction(parsed =>
        {
            var texts = parsed.GetValue(count);
            var options = new SamplingOptions { Temperature = parsed.GetValue(temperature), TopK = parsed.GetValue(topK), TopP = parsed.GetValue(topP) };
            Check("--count", texts, 1, int.MaxValue);
            Check("--temperature", options.Temperature, 0, 100);
            Check("--top-k", options.TopK, 0, int.MaxValue);
            Check("--top-p", options.TopP, 0, 1);
            if (parsed.GetValue(length) is { } asked) Check("--length", asked, 1, 1_000_000);
            var folder = terminal.Shown(terminal.Full(parsed.GetRequiredValue(run)));
            using var stored = StoredRun.Load(folder, Devices.Resolve(parsed.GetRequiredValue(device), "--device"), parsed.GetValue(checkpoint), reading.Settings(parsed, terminal),
                warning => terminal.Error.WriteLine(SafeText.Line(warning)));
            Draw(stored, options, texts, parsed.GetValue(length) ?? stored.Encoder.Length, parsed.GetValue(prompt), parsed.GetValue(seed), terminal);
            return ExitCode.Success;
        });
        return command;
    }

    static void Draw(StoredRun stored, SamplingOptions options, int count, int length, string? prompt, int seed, Terminal terminal)
    {
        using var scope = torch.NewDisposeScope();
        var encoder = new TextEncoder(stored.Encoder.Tokenizer, length);
        var prefix = Prompt(prompt, encoder);
        torch.manual_seed(seed);
        for (var left = count; left > 0; left -= Batch)
        {
            using var batch = torch.NewDisposeScope();
            var samples = Sampler.Sample(stored.Generator, options, Batch, length, encoder.Tokenizer.StartId, encoder.Tokenizer.EndId, prefix);
            foreach (var text in encoder.Decode(samples.Tokens.Ids).Take(left)) terminal.Output.WriteLine(SafeText.Line(text));
        }
    }

    /// <summary>[P] ids of the prompt; null without one.</summary>
    static torch.Tensor? Prompt(string? prompt, TextEncoder encoder)
    {
        if (string.IsNullOrEmpty(prompt)) return null;
        var ids = encoder.Tokenizer.Encode(prompt);
        if (ids.Count == 0) return null;
        if (ids.Count >= encoder.Length)
            throw new InvalidInputException("--prompt", $"has {Amount.Of(ids.Count, "token")}; texts have {encoder.Length} (see --length), so the most for a prompt is {encoder.Length - 1}.");
        if (encoder.Tokenizer.EndId is { } end && ids.Contains(end))
            throw new InvalidInputException("--prompt", $"has the run's end token, '{encoder.Tokenizer.TokenText(end)}', with which a text ends: nothing can follow it.");
        if (encoder.Tokenizer.UnknownId is { } unknown && ids.Contains(unknown))
        {
            // The tokenizer reads a word at a time, so what it does not know can be named.
            var words = prompt.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(word => encoder.Tokenizer.Encode(word).Contains(unknown)).Distinct();
            throw new InvalidInputException("--prompt", $"the run's vocabulary does not have {string.Join(", ", words.Select(word => $"'{word}'"))}.");
        }
        return torch.tensor(ids.Select(id => (long)id).ToArray(), torch.int64);
    }

    static void Check(string option, double value, double least, double most)
    {
        if (!(value >= least && value <= most)) throw new InvalidInputException(option, $"{value} is out of range; {least} to {most} are allowed.");
    }
}
