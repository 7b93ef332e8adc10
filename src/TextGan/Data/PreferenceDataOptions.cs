namespace TextGan.Data;

/// <summary>
/// Preference pairs: a file of JSON lines, plain or gzip (detected by content, not by name), or of one JSON array (if its name ends in
/// .json), or of Parquet, or a folder in the layout of the Hugging Face hub: data/train-00000-of-00003.parquet, train.jsonl and so on.
/// Each object or row has "chosen", "rejected" and, optionally, "prompt"; other fields are ignored and empty lines skipped. Each of the
/// three is a string, or an array of messages with "role" (system, user, assistant or tool) and "content" (a string, or an array of
/// {"type": "text", "text": ...}). A string that begins with a role and has an answer, as in HH-RLHF ("\n\nHuman: ...\n\nAssistant:
/// ..."), is a dialogue:
/// "Human" or "User", "Assistant" and "System" in any case, each at the beginning of a line, with or without a blank line before
/// it; whatever the form, it is read as that of HH-RLHF. Any other string is a text as it is, and lines such as "Note: ..." are
/// part of it. Dialogues are taken apart as "part" says. A prompt that a dialogue or both texts already begin with is not doubled;
/// without "prompt", the array "messages" (or ShareGPT's "conversations" of objects with "from" and "value") is the prompt of texts that
/// are answers alone. A line is malformed if it is not valid
/// UTF-8, is too long, is not a JSON object, misses a field, has a field that is of another type or is empty or has a NUL
/// character, has a dialogue without an Assistant turn, or has a role that is not understood: in an array any other role; in a
/// string a label ("Customer: ...") at its beginning, if both texts begin with the same labelled turn or an Assistant's turn
/// follows. Pairs that are well-formed and yet teach nothing, because the last reply is empty or both texts are the same, are
/// skipped; the data set's summary counts them, and those whose texts answer different prompts, of which the chosen text's is
/// kept.
/// </summary>
public sealed record PreferenceDataOptions : DataOptions, IFolderReader
{
    /// <summary>The file or folder; a relative path starts at the folder of the experiment file.</summary>
    [Required]
    public string Path { get; init; } = "";

    /// <summary>
    /// The split that is trained on, if the path is a folder; null (default): "train", or the only one that is there. "val" also finds
    /// "validation", and so on.
    /// </summary>
    public string? Split { get; init; }

    /// <summary>
    /// The split that is held out for measurement, of heldOutPath or, without it, of the folder that path names; null (default) for none
    /// there. It excludes heldOut.
    /// </summary>
    public string? HeldOutSplit { get; init; }

    /// <summary>The field of JSON objects, or the column of Parquet, that has the preferred text. Default "chosen".</summary>
    [MinLength(1)]
    public string ChosenColumn { get; init; } = "chosen";

    /// <summary>The field or column that has the other text. Default "rejected".</summary>
    [MinLength(1)]
    public string RejectedColumn { get; init; } = "rejected";

    /// <summary>
    /// The field or column that has the prompt; null (default): "prompt", if it is there. One that is named must be there.
    /// </summary>
    [MinLength(1)]
    public string? PromptColumn { get; init; }

    /// <summary>
    /// A second file of the same form whose pairs are all held out for measurement; null (default) for none. It excludes heldOut.
    /// </summary>
    public string? HeldOutPath { get; init; }

    /// <summary>
    /// The share of the pairs, 0 to 0.99, that is picked at random and held out; at least one pair if above 0. Default 0.
    /// </summary>
    [Range(0.0, 0.99)]
    public double HeldOut { get; init; }

    /// <summary>The seed of the pick; the same seed picks the same pairs of a file in every run. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>At most this many pairs are read, from the beginning of each file; null (default) means all.</summary>
    [Range(1, int.MaxValue)]
    public int? Limit { get; init; }

    /// <summary>
    /// What happens at a malformed line: "fail" (default) ends with an error that names file and line, "skip" leaves it out and counts it.
    /// </summary>
    public MalformedLines OnError { get; init; } = MalformedLines.Fail;

    /// <summary>The most characters that a line of JSON may have. Default 1000000.</summary>
    [Range(1, 100_000_000)]
    public int MaximumLineLength { get; init; } = 1_000_000;

    /// <summary>
    /// What of a dialogue is the text: "last-reply" (default: the last Assistant turn, with everything before it as the prompt) or
    /// "dialogue" (all of it; a text that is not a dialogue follows its "prompt"); "plain" takes strings as they are, even if they look
    /// like dialogues.
    /// </summary>
    public PreferencePart Part { get; init; } = PreferencePart.LastReply;

    /// <summary>
    /// How the turns before a reply become its prompt; null (default): as in HH-RLHF ("Human: QUESTION"), with nothing that marks the
    /// prompt's end. "plain" writes "Human: QUESTION Assistant:" (also "System: ", "Tool: "; with blank lines between the turns if white
    /// space is not folded) and works with every tokenizer. "chatml", "llama" (Llama 3) and "llama-2" write these models' line breaks and
    /// control tokens, which the tokenizer must have; what a text spells is never a control token. Not for "part": "dialogue".
    /// </summary>
    public ChatTemplate? Template { get; init; }

    /// <summary>
    /// Whether each run of blanks and line breaks inside texts and prompts becomes one blank, so that a text is one line. Default true.
    /// </summary>
    public bool FoldWhitespace { get; init; } = true;

    /// <summary>
    /// Whether the pairs stay in their file and are read from it again where they are needed, so that a set larger than the memory
    /// can be trained on; the encoded rows are kept in a temporary file. Null (default): if the file's lines have more than about
    /// 256 million characters. A streamed set picks other pairs to hold
    /// out, by the same seed.
    /// </summary>
    public bool? Stream { get; init; }

    /// <inheritdoc/>
    public override bool HasRejected => true;

    public override bool HasNoExactSource => true;

    public override bool HasNoHeldOut => HeldOut == 0 && HeldOutPath is null && HeldOutSplit is null;

    LineFiles Files => new(Path, HeldOutPath, HeldOut, Seed, Limit, OnError, MaximumLineLength, Stream)
    {
        Split = Split, HeldOutSplit = HeldOutSplit,
        Columns = new([[ChosenColumn], [RejectedColumn], .. PromptColumn is null ? [] : (string[][])[[PromptColumn]]],
            ["prompt", "messages", "conversations"]),
    };

    /// <inheritdoc/>
    public IReadOnlyList<string> FilesIn(string folder) => Files.FilesIn(folder);

    /// <inheritdoc/>
    public override IEnumerable<Problem> Validate(string path)
    {
        foreach (var problem in Files.Validate(path)) yield return problem;
        if (Template is not null && Part == PreferencePart.Dialogue)
            yield return new($"{path}.template", "whole dialogues have no prompt to write; set 'part' to \"last-reply\".");
        if (RejectedColumn == ChosenColumn)
            yield return new($"{path}.rejectedColumn",
                $"\"{RejectedColumn}\" is also 'chosenColumn'; a pair has its two texts in two columns.");
    }

    public override (string Prompt, bool HasControls) PromptOf(string question) => ChatTemplates.PromptOf(Template, question);

    /// <inheritdoc/>
    public override DataSet Load(DataContext context)
    {
        var loaded = Files.Load(context.BaseFolder, "pair", new PreferenceLineParser(Part, FoldWhitespace, Template)
        {
            Chosen = ChosenColumn, Rejected = RejectedColumn, Prompt = PromptColumn,
        }.Parse);
        return new DataSet(context.Name, SplitOf(loaded.Train), SplitOf(loaded.HeldOut), loaded.Summary);
    }

    DataSplit SplitOf(LineFiles.Side<PreferencePair> side)
    {
        var pairs = side.Items;
        var hasPrompts = pairs.Any(pair => pair.Prompt.Length > 0);
        var split = side.Streamed
            ? new DataSplit(View(pair => pair.Chosen), View(pair => pair.Rejected), hasPrompts ? View(pair => pair.Prompt) : null)
            : new DataSplit([.. pairs.Select(pair => pair.Chosen)], [.. pairs.Select(pair => pair.Rejected)], hasPrompts
                ? [.. pairs.Select(pair => pair.Prompt)] : null);
        return split with { Streamed = side.Streamed, HasControls = Template is not null };

        TextView<PreferencePair> View(Func<PreferencePair, string> text) => new(pairs, text);
    }
}
