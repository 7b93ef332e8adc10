using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TextGan.Cli.Commands;

/// <summary>
/// How a command gives its result; the options mean the same in all commands that have them. The result is what the output has; warnings
/// and errors are on standard error in any case, and exit codes are the same.
/// </summary>
/// <param name="hasQuiet">Whether the command says more than its result.</param>
public sealed class ResultForm(bool hasQuiet)
{
    static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    const int Utf8 = 65001, Utf16 = 1200;

    /// <summary>For outputs in a code page that lacks most characters.</summary>
    static readonly JsonSerializerOptions Ascii = new() { WriteIndented = true };

    readonly Option<bool> quiet = new("--quiet", "-q") {
        Description = "Write the result alone: no progress and no messages but warnings and errors." };

    readonly Option<bool> json = new("--json") {
        Description = "Write the result as one JSON value and nothing else to the output" + (hasQuiet ? "; includes --quiet." : ".") };

    public void AddTo(Command command)
    {
        if (hasQuiet) command.Add(quiet);
        command.Add(json);
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(json);

    public bool IsQuiet(ParseResult parsed) => IsJson(parsed) || (hasQuiet && parsed.GetValue(quiet));

    /// <summary>Writes what <c>--json</c> asks for; what could harm a terminal is escaped.</summary>
    public static void Write(JsonNode value, Terminal terminal) =>
        terminal.Output.WriteLine(SafeText.Json(value.ToJsonString(
            terminal.Output.Encoding.CodePage is Utf8 or Utf16 ? Readable : Ascii)));

    /// <summary>A number; null for NaN and infinities, which JSON does not have.</summary>
    public static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    public static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];
}
