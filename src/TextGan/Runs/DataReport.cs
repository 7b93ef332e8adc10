using System.Text.Json;

namespace TextGan.Runs;

/// <summary>What was found about an experiment's data while they were encoded; each run folder has it as data.json.</summary>
/// <param name="Findings">What is worth a line.</param>
/// <param name="Sets">All counts, by data set.</param>
public sealed record DataReport(IReadOnlyList<DataFinding> Findings, IReadOnlyDictionary<string, DataSetCounts> Sets)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static DataReport Empty { get; } = new([], new Dictionary<string, DataSetCounts>());

    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
