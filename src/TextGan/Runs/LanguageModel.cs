using TextGan.Experiments.Reading;
using TextGan.Generators;
using TextGan.Generators.Pretrained;

namespace TextGan.Runs;

/// <summary>
/// A language model and its tokenizer, whether a run's generator or a model in Hugging Face's layout: what commands take where they need no
/// more of a run than that.
/// </summary>
public sealed class LanguageModel : IDisposable
{
    /// <summary>Tokens of a text of a model's folder, unless it reads fewer or the caller says otherwise.</summary>
    public const int DefaultLength = 256;

    /// <summary>Texts that are encoded at a time.</summary>
    const int AtOnce = 256;

    readonly StoredRun? run;

    LanguageModel(Generator generator, TextEncoder encoder, StoredRun? run) => (Generator, Encoder, this.run) = (generator, encoder, run);

    /// <summary>In evaluation mode.</summary>
    public Generator Generator { get; }

    /// <summary>
    /// The tokenizer, and the length of texts: a run's is the experiment's; of a model's folder it is the most that the model reads.
    /// </summary>
    public TextEncoder Encoder { get; }

    /// <summary>Tokens of a text where nobody says how many: a run's length, or <see cref="DefaultLength"/>.</summary>
    public int UsualLength => run is null ? Math.Min(DefaultLength, Encoder.Length) : Encoder.Length;

    /// <summary>A question as the run's prompts are written; as it is of a model's folder. See <see cref="StoredRun.PromptOf"/>.</summary>
    public (string Prompt, bool HasControls) PromptOf(string question) => run?.PromptOf(question) ?? (question, false);

    /// <param name="folder">A run folder (runs/EXPERIMENT/SEED) or a model's.</param>
    /// <param name="device">Where the model goes.</param>
    /// <param name="checkpoint">As in <see cref="StoredRun.Load"/>; must be null for a model's folder.</param>
    /// <param name="settings">As there.</param>
    /// <param name="warn">As there.</param>
    /// <exception cref="InvalidInputException">The folder is neither, or what is in it is missing or damaged.</exception>
    public static LanguageModel Open(
        string folder, Device device, string? checkpoint = null, ReadingSettings? settings = null, Action<string>? warn = null)
    {
        if (!File.Exists(Path.Combine(folder, "config.json")))
            throw new InvalidInputException(folder,
                "is neither a run folder nor a model's: it has no config.json. Name a folder such as runs/EXPERIMENT/SEED, or one in " +
                "Hugging Face's layout.");
        if (!ModelFolder.Is(folder))
        {
            var run = StoredRun.Load(folder, device, checkpoint, settings, warn);
            return new LanguageModel(run.Generator, run.Encoder, run);
        }
        if (checkpoint is not null)
            throw new InvalidInputException("--checkpoint", $"names a checkpoint of a run, but {folder} holds a model; leave it out.");
        var (model, tokenizer) = ModelFolder.Load(Path.GetFullPath(folder), device);
        return new LanguageModel(model, new TextEncoder(tokenizer, model.MaximumLength ?? DefaultLength), null);
    }

    /// <summary>The log-likelihood of each text after its prompt. What is longer than <see cref="Encoder"/>'s length is cut.</summary>
    /// <param name="texts">Text, prompt, and what messages call it.</param>
    /// <exception cref="InvalidInputException">A text cannot be encoded.</exception>
    public IEnumerable<TextLikelihood> Likelihoods(IEnumerable<(string Text, string? Prompt, string Place)> texts) =>
        texts.Chunk(AtOnce).SelectMany(chunk =>
            TextLikelihood.Of(Generator, Encoder.Tokenizer, TextScoring.Read(Encoder, PromptOf, chunk)));

    public void Dispose()
    {
        if (run is null) Generator.Dispose();
        else run.Dispose();
    }
}
