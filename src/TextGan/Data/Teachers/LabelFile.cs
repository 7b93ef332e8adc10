using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using TextGan.Safety;

namespace TextGan.Data.Teachers;

/// <summary>A growing file of labels: JSON lines with "text", "label" (true, false, or null for none) and, optionally, "prompt".</summary>
public sealed class LabelFile
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    readonly string path;
    readonly Dictionary<TeacherText, bool?> labels;

    LabelFile(string path, Dictionary<TeacherText, bool?> labels) => (this.path, this.labels) = (path, labels);

    /// <summary>What it holds.</summary>
    public IReadOnlyDictionary<TeacherText, bool?> Labels => labels;

    /// <summary>A file of this name, which need not be there yet; null without a folder.</summary>
    /// <exception cref="InvalidInputException">It is there and damaged.</exception>
    public static LabelFile? In(string? folder, string name)
    {
        if (folder is null) return null;
        var path = Path.Combine(folder, name);
        if (!File.Exists(path)) return new(path, []);
        CutUnfinishedLine(path);
        return new(path, new FileInfo(path).Length == 0 ? [] : Read(path));
    }

    /// <summary>By what a text is found: text and prompt. Whether it was cut stands in no file.</summary>
    public static TeacherText KeyOf(TeacherText text) => text with { Ended = true };

    /// <summary>Adds a label, or the note that a text has none. It is in the file when this returns.</summary>
    public void Add(TeacherText text, bool? label)
    {
        labels[KeyOf(text)] = label;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        using var writer = new StreamWriter(stream) { NewLine = "\n" };
        var members = new Dictionary<string, object?> { ["text"] = text.Text, ["label"] = label };
        if (text.Prompt is not null) members["prompt"] = text.Prompt;
        writer.WriteLine(SafeText.Json(JsonSerializer.Serialize(members, Json)));
    }

    /// <summary>The labels of a file.</summary>
    /// <exception cref="InvalidInputException">It cannot be read, a line is malformed, or two lines contradict each other.</exception>
    public static Dictionary<TeacherText, bool?> Read(string path)
    {
        var files = new LineFiles(path, null, 0, 1, null, MalformedLines.Fail, 1_000_000, false);
        using var items = new LineItems<Line>(files, [path], line => JsonLine.Parse(line, Parse));
        var labels = new Dictionary<TeacherText, bool?>();
        while (items.TryNext(out var line))
        {
            if (labels.TryGetValue(line.Text, out var earlier) && earlier is not null && line.Label is not null && earlier != line.Label)
                throw new InvalidInputException(items.Place,
                    $"The text \"{SafeText.Line(line.Text.Text, 60)}\" has the label {Word(line.Label)}, but " +
                    $"{Word(earlier)} in a line before.");
            if (line.Label is not null || !labels.ContainsKey(line.Text)) labels[line.Text] = line.Label;
        }
        items.Notes();
        return labels;

        static string Word(bool? label) => label == true ? "true" : "false";
    }

    sealed record Line(TeacherText Text, bool? Label);

    static ParsedLine<Line> Parse(JsonElement line)
    {
        string? Member(string name) => !line.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
            : value.ValueKind == JsonValueKind.String ? value.GetString()
            : throw new FormatException($"The field \"{name}\" is {PreferenceFields.Describe(value)} where a string is expected.");
        var text = Member("text") ?? throw new FormatException("The object has no \"text\".");
        if (!line.TryGetProperty("label", out var label)) throw new FormatException("The object has no \"label\".");
        bool? found = label.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Null => null,
            _ => throw new FormatException(
                $"The field \"label\" is {PreferenceFields.Describe(label)} where true, false or null is expected."),
        };
        return ParsedLine<Line>.Of(new(new(text, Member("prompt")), found));
    }

    /// <summary>A process that was killed may have left a part of a line.</summary>
    static void CutUnfinishedLine(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        stream.SetLength(bytes.AsSpan().LastIndexOf((byte)'\n') + 1);
    }
}
