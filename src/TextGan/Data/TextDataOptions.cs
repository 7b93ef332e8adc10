using System.Text.Json;

namespace TextGan.Data;

/// <summary>
/// A file with one text per line (UTF-8, lines that end in LF, CR LF or CR), JSON lines or a JSON array (names that end in .jsonl,
/// .ndjson or .json, or "format": "json-lines"), or Parquet (told by its content); text and JSON may be gzip (told by content). Or
/// a folder in the layout of the Hugging Face hub: data/train-00000-of-00003.parquet, train.jsonl, train/part.parquet and so on.
/// Of lines of text surrounding blanks are removed and empty ones skipped. A line is malformed if it is not valid UTF-8, has a NUL
/// character, is too long, or is a JSON object of a data set (with "text", "messages", "conversations", "prompt" or "chosen"), which would
/// be learnt with its braces.
/// A JSON object, or a row of Parquet, has a "text" and, optionally, the "prompt" that it answers, each a string or an array of messages as
/// in preference sets; or, without "text", "messages" (or ShareGPT's "conversations" of objects with "from" and "value"). Of messages the
/// last Assistant turn is the text and all before it the prompt; other fields are ignored, and each run of blanks and line breaks inside
/// texts and prompts becomes one blank.
/// </summary>
public sealed record TextDataOptions : DataOptions, IFolderReader
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

    /// <summary>
    /// What a line is where the name does not end in .jsonl, .ndjson or .json: "lines" (default) are texts as they are, "json-lines" are
    /// objects with a text and, optionally, its prompt.
    /// </summary>
    public TextFormat Format { get; init; } = TextFormat.Lines;

    /// <summary>
    /// The field of JSON objects, or the column of Parquet, that has the text: a string, or messages whose last Assistant turn is the text.
    /// Null (default): "text", else "messages", else "conversations".
    /// </summary>
    [MinLength(1)]
    public string? Column { get; init; }

    /// <summary>
    /// The field or column that has the prompt; null (default): "prompt", if it is there. One that is named must be there.
    /// </summary>
    [MinLength(1)]
    public string? PromptColumn { get; init; }

    /// <summary>
    /// How the turns of a prompt become its text; null (default): as they are, with nothing that marks the prompt's end. A string is a
    /// question of the user, unless it is a dialogue as in preference sets. "plain" writes "Human: QUESTION Assistant:" (also "System: ",
    /// "Tool: "), with single blanks between the turns, and works with every tokenizer. "chatml", "llama" (Llama 3) and "llama-2" write
    /// these models' line breaks and control tokens, which the tokenizer must have; what a text spells is never a control token. Needs
    /// JSON or Parquet.
    /// </summary>
    public ChatTemplate? Template { get; init; }

    /// <summary>
    /// A second file of the same form whose texts are all held out for measurement; null (default) for none. It excludes heldOut.
    /// </summary>
    public string? HeldOutPath { get; init; }

    /// <summary>
    /// The share of the texts, 0 to 0.99, that is picked at random and held out; at least one text if above 0. Default 0.
    /// </summary>
    [Range(0.0, 0.99)]
    public double HeldOut { get; init; }

    /// <summary>The seed of the pick; the same seed picks the same texts of a file in every run. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>At most this many texts are read, from the beginning of each file; null (default) means all.</summary>
    [Range(1, int.MaxValue)]
    public int? Limit { get; init; }

    /// <summary>
    /// What happens at a malformed line: "fail" (default) ends with an error that names file and line, "skip" leaves it out and counts it.
    /// </summary>
    public MalformedLines OnError { get; init; } = MalformedLines.Fail;

    /// <summary>The most characters that a line may have. Default 1000000.</summary>
    [Range(1, 100_000_000)]
    public int MaximumLineLength { get; init; } = 1_000_000;

    /// <summary>
    /// Whether the texts stay in their file and are read from it again where they are needed, so that a set larger than the memory
    /// can be trained on; the encoded rows are kept in a temporary file. Null (default): if the file's lines have more than about
    /// 256 million characters. A streamed set picks other texts to hold
    /// out, by the same seed.
    /// </summary>
    public bool? Stream { get; init; }

    /// <inheritdoc/>
    public override bool HasRejected => false;

    public override bool HasNoExactSource => true;

    public override bool HasNoHeldOut => HeldOut == 0 && HeldOutPath is null && HeldOutSplit is null;

    LineFiles Files => new(Path, HeldOutPath, HeldOut, Seed, Limit, OnError, MaximumLineLength, Stream)
    {
        Split = Split, HeldOutSplit = HeldOutSplit,
        Columns = new(
            [
                Column is null ? ["text", "messages", "conversations"] : [Column],
                .. PromptColumn is null ? [] : (string[][])[[PromptColumn]],
            ],
            ["prompt"], "; name the one that has the texts by \"column\""),
    };

    /// <inheritdoc/>
    public IReadOnlyList<string> FilesIn(string folder) => Files.FilesIn(folder);

    /// <inheritdoc/>
    public override IEnumerable<Problem> Validate(string path) => Files.Validate(path);

    public override (string Prompt, bool HasControls) PromptOf(string question) => ChatTemplates.PromptOf(Template, question);

    /// <inheritdoc/>
    public override DataSet Load(DataContext context)
    {
        if (Format == TextFormat.JsonLines || DataForm.HoldsObjects(Files.FilesFrom(context.BaseFolder)[0]))
        {
            var items = Files.Load(context.BaseFolder, "text", line => JsonLine.Parse(line, Item));
            return new DataSet(context.Name, SplitOf(items.Train), SplitOf(items.HeldOut), items.Summary);
        }
        var useless = Template is not null ? "template" : Column is not null ? "column" : PromptColumn is not null ? "promptColumn" : null;
        if (useless is not null)
            throw new InvalidInputException($"$.data.{context.Name}.{useless}",
                "a file of lines has no fields or prompts; set 'format' to \"json-lines\" if its lines are JSON objects.");
        var loaded = (Files with { Columns = null }).Load(context.BaseFolder, "text", Parse);
        return new DataSet(context.Name, SplitOf(loaded.Train), SplitOf(loaded.HeldOut), loaded.Summary);
    }

    DataSplit SplitOf(LineFiles.Side<TextItem> side) => new(
        new TextView<TextItem>(side.Items, item => item.Text),
        Prompts: side.Items.Any(item => item.Prompt.Length > 0) ? new TextView<TextItem>(side.Items, item => item.Prompt)
            : null) { Streamed = side.Streamed, HasControls = Template is not null };

    ParsedLine<TextItem> Item(JsonElement line)
    {
        var promptField = PreferenceFields.Read(line, PromptColumn ?? "prompt", mayBeNull: true);
        if (PromptColumn is { } named && !line.TryGetProperty(named, out _)) throw TableColumns.Missing(line, $"no \"{named}\"");
        string Prompt(IEnumerable<Turn> before) => Template is { } template
            ? ChatTemplates.Prompt(template, [.. promptField?.Turns ?? [], .. before], PreferenceLineParser.Fold)
            : PreferenceLineParser.Fold((promptField?.Folded ?? "") + Turn.Join(before));
        var field = PreferenceFields.Read(line, Column ?? "text");
        if (field is { Text: not null } text)
            return text.Folded.Length == 0 ? ParsedLine<TextItem>.OfNoUse("with an empty text")
                : ParsedLine<TextItem>.Of(new(text.Folded, Prompt([])));
        var turns = field?.Messages ?? (Column is null ? PreferenceFields.Conversation(line) : null) ?? throw TableColumns.Missing(line,
            Column is null ? "neither \"text\" nor an array \"messages\"" : $"no \"{Column}\"");
        if (!turns.Any(turn => turn.Role == Turn.Assistant))
        {
            var name = Column ?? (field is not null ? "text" : line.TryGetProperty("messages", out _) ? "messages" : "conversations");
            throw new FormatException($"The field \"{name}\" is a dialogue without an Assistant turn.");
        }
        // A prompt that stands beside the dialogue, too, is not doubled.
        if (promptField is { } own && PreferenceDialogue.Contains(turns, own.Turns)) promptField = null;
        var last = PreferenceDialogue.LastReply(turns);
        var reply = PreferenceLineParser.Fold(turns[last].Text);
        return reply.Length == 0 ? ParsedLine<TextItem>.OfNoUse("with an empty reply")
            : ParsedLine<TextItem>.Of(new(reply, Prompt(turns.Take(last))));
    }

    static DataSplit SplitOf(LineFiles.Side<string> side) => new(side.Items) { Streamed = side.Streamed };

    static ParsedLine<string> Parse(string line)
    {
        if (line.Contains('\0')) return ParsedLine<string>.Malformed("The line has a NUL character; a text file is expected.");
        var text = line.Trim();
        if (JsonField(text) is { } field)
            return ParsedLine<string>.Malformed(
                $"The line is a JSON object with \"{field}\", not a text; write one text a line, set \"format\" to \"json-lines\", or " +
                $"use the kind \"preferences\" for pairs.");
        return text.Length == 0 ? ParsedLine<string>.Nothing : ParsedLine<string>.Of(text);
    }

    /// <summary>The field that shows that a line is an entry of a JSON lines file; null for text.</summary>
    static string? JsonField(string text)
    {
        if (!text.StartsWith('{') || !text.EndsWith('}')) return null;
        try
        {
            using var document = JsonDocument.Parse(text);
            return ((string[])["chosen", "messages", "conversations", "prompt", "text"])
                .FirstOrDefault(field => document.RootElement.TryGetProperty(field, out _));
        }
        // The name of a field with half of a surrogate pair shows as InvalidOperationException.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
