using TextGan.Tokenization.ByteLevel;

namespace TextGan.Tokenization;

/// <summary>
/// The tokenizer of a model in Hugging Face's layout: a folder with tokenizer.model (SentencePiece), or with tokenizer.json (byte-level
/// BPE as GPT-2 and Llama 3 have it) and the files that name its special tokens. The vocabulary is as large as the folder's config.json
/// says. In a tokenizer.json, special tokens that are spelt out in a text are ordinary text, so that no text of the data becomes a
/// control token; other added tokens are found. What is not supported is rejected.
/// </summary>
public sealed record PretrainedTokenizerOptions : TokenizerOptions, IFolderReader
{
    const string SentencePieceFile = "tokenizer.model", BpeFile = "tokenizer.json";

    /// <summary>What is read, and what other programs read beside it: a run keeps all of it.</summary>
    static readonly string[] known =
    [
        SentencePieceFile, BpeFile, "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt",
        "chat_template.jinja", "config.json", "generation_config.json",
    ];

    /// <summary>The model's folder; a relative path starts at the folder of the experiment file.</summary>
    [Required]
    public string Path { get; init; } = "";

    /// <inheritdoc/>
    public IReadOnlyList<string> FilesIn(string folder) =>
        [.. known.Select(name => System.IO.Path.Combine(folder, name)).Where(File.Exists)];

    /// <inheritdoc/>
    public override ITokenizer Build(TokenizerContext context)
    {
        var folder = InputFile.Resolve(context.BaseFolder, Path);
        var (pieces, json) = (System.IO.Path.Combine(folder, SentencePieceFile), System.IO.Path.Combine(folder, BpeFile));
        // Of both the SentencePiece model counts: a tokenizer.json beside it describes the same in another form.
        if (File.Exists(pieces)) return new SentencePieceTokenizer(pieces, SpecialTokens.VocabularySize(folder));
        return File.Exists(json) ? new ByteLevelTokenizer(json)
            : throw new InvalidInputException(folder,
                $"The folder has no tokenizer: neither {SentencePieceFile} nor {BpeFile} is there. For vocab.json and merges.txt there " +
                $"is the kind \"bpe\".");
    }
}
