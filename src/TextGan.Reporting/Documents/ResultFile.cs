using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using TextGan.Problems;
using TextGan.Safety;

namespace TextGan.Reporting.Documents;

/// <summary>A file of experiments/results: runs of an experiment file, small enough to be kept under version control.</summary>
/// <param name="Command">The command that made the runs; null where it was not given.</param>
/// <param name="Runs">The runs.</param>
public sealed partial record ResultFile(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Command, IReadOnlyList<RunSummary> Runs)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n",
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The file's text, with the values of a name on one line.</summary>
    public string ToJson() => ListOfNumbers().Replace(SafeText.Json(JsonSerializer.Serialize(this, Json)),
        list => LineBreak().Replace(EdgeBreak().Replace(list.Value, ""), " ")) + "\n";

    /// <exception cref="InvalidInputException">The file is not what <see cref="ToJson"/> writes.</exception>
    public static ResultFile Parse(ReadOnlySpan<byte> json, string path)
    {
        ResultFile file;
        try
        {
            file = JsonSerializer.Deserialize<ResultFile>(json, Json) ?? throw new JsonException("it is null");
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException)
        {
            throw Bad(damaged.Message);
        }
        if (file.Runs.Any(run => run is null)) throw Bad("a run is null");
        foreach (var run in file.Runs)
        {
            if (file.Runs.Count(other => other.Experiment == run.Experiment && other.Seed == run.Seed) > 1)
                throw Bad($"'{run.Experiment}' has seed {run.Seed} twice");
            var subject = $"'{run.Experiment}', seed {run.Seed}, has";
            foreach (var phase in new[] { run.Pretraining, run.Adversarial }.OfType<PhaseSummary>())
            {
                if (phase.Steps.Count == 0) throw Bad($"{subject} a phase without steps");
                foreach (var (name, values) in phase.Values)
                {
                    if (values is null) throw Bad($"{subject} null for '{name}'");
                    if (values.Count != phase.Steps.Count)
                        throw Bad($"{subject} {Amount.Of(phase.Steps.Count, "step")} and {Amount.Of(values.Count, "value")} of '{name}'");
                }
            }
        }
        return file;

        InvalidInputException Bad(string reason) =>
            new(path, $"The file is not a summary of runs, as 'textgan summarize' writes it: {reason.TrimEnd('.')}.");
    }

    // Only line breaks between values are replaced: strings have none.
    [GeneratedRegex(@"\[\s*[^\[\]{}]*?\s*\]")]
    private static partial Regex ListOfNumbers();

    [GeneratedRegex(@"(?<=\[)\s*\n\s*|\s*\n\s*(?=\])")]
    private static partial Regex EdgeBreak();

    [GeneratedRegex(@"\s*\n\s*")]
    private static partial Regex LineBreak();
}
