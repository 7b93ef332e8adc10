using System.Text.Json;

namespace TextGan.Data;

/// <summary>
/// A text file: UTF-8, one text per line (lines end in LF, CR LF or CR), plain or gzip (detected by content, not by name). Surrounding
/// blanks are removed and empty lines skipped. A line is malformed if it is not valid UTF-8, has a NUL character, is too
/// long, or is a JSON object of a data set (with "text", "messages", "conversations", "prompt" or "chosen"), which would be learnt with its
/// braces.
/// With "format": "json-lines" each line is a JSON object with a "text" and, optionally, the "prompt" that it answers (strings; the prompt
/// may be an array of messages as in preference sets), or with "messages" (or ShareGPT's "conversations" of objects with "from" and
/// "value"), whose last Assistant turn is the text and all before it the prompt; other fields are ignored, and each run of blanks and line
/// breaks inside texts and prompts becomes one blank.
/// </summary>
public sealed record TextDataOptions : DataOptions
{
    /// <summary>The file; a relative path starts at the folder of the experiment file.</summary>
    [Required]
    public string Path { get; init; } = "";

    /// <summary>
    /// What a line is: "lines" (default) are texts as they are, "json-lines" are objects with a text and, optionally, its prompt.
    /// </summary>
    public TextFormat Format { get; init; } = TextFormat.Lines;

    /// <summary>
    /// How the turns of a prompt become its text; null (default): as they are, with nothing that marks the prompt's end. A string is a
    /// question of the user, unless it is a dialogue as in preference sets. "plain" writes "Human: QUESTION Assistant:" (also "System: ",
    /// "Tool: "), with single blanks between the turns, and works with every tokenizer. "chatml", "llama" (Llama 3) and "llama-2" write
    /// these models' line breaks and control tokens, which the tokenizer must have; what a text spells is never a control token. Needs
    /// "json-lines".
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

    public override bool HasNoHeldOut => HeldOut == 0 && HeldOutPath is null;

    LineFiles Files => new(Path, HeldOutPath, HeldOut, Seed, Limit, OnError, MaximumLineLength, Stream);

    /// <inheritdoc/>
    public override IEnumerable<Problem> Validate(string path) => Template is null || Format == TextFormat.JsonLines ? Files.Validate(path)
        : [.. Files.Validate(path), new($"{path}.template", "a file of lines has no prompts; set 'format' to \"json-lines\".")];

    public override (string Prompt, bool HasControls) PromptOf(string question) => ChatTemplates.PromptOf(Template, question);

    /// <inheritdoc/>
    public override DataSet Load(DataContext context)
    {
        if (Format == TextFormat.JsonLines)
        {
            var items = Files.Load(context.BaseFolder, "text", line => JsonLine.Parse(line, Item));
            return new DataSet(context.Name, SplitOf(items.Train), SplitOf(items.HeldOut), items.Summary);
        }
        var loaded = Files.Load(context.BaseFolder, "text", Parse);
        return new DataSet(context.Name, SplitOf(loaded.Train), SplitOf(loaded.HeldOut), loaded.Summary);
    }

    DataSplit SplitOf(LineFiles.Side<TextItem> side) => new(
        new TextView<TextItem>(side.Items, item => item.Text),
        Prompts: side.Items.Any(item => item.Prompt.Length > 0) ? new TextView<TextItem>(side.Items, item => item.Prompt)
            : null) { Streamed = side.Streamed, HasControls = Template is not null };

    ParsedLine<TextItem> Item(JsonElement line)
    {
        var promptField = PreferenceFields.Read(line, "prompt", mayBeNull: true);
        string Prompt(IEnumerable<Turn> before) => Template is { } template
            ? ChatTemplates.Prompt(template, [.. promptField?.Turns ?? [], .. before], PreferenceLineParser.Fold)
            : PreferenceLineParser.Fold((promptField?.Folded ?? "") + Turn.Join(before));
        if (PreferenceFields.Read(line, "text") is { } text)
        {
            if (text.Text is null) throw new FormatException("The field \"text\" is an array where a string is expected.");
            return text.Folded.Length == 0 ? ParsedLine<TextItem>.OfNoUse("with an empty text")
                : ParsedLine<TextItem>.Of(new(text.Folded, Prompt([])));
        }
        var turns = PreferenceFields.Conversation(line)
            ?? throw new FormatException("The object has neither \"text\" nor an array \"messages\".");
        if (!turns.Any(turn => turn.Role == Turn.Assistant))
            throw new FormatException($"The field \"{(line.TryGetProperty("messages", out _) ? "messages" : "conversations")}\" is a " +
                "dialogue without an Assistant turn.");
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
