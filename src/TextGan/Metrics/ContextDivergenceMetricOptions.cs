using TextGan.Data;
using TextGan.Generators.Pretrained;

namespace TextGan.Metrics;

/// <summary>
/// How near a student comes to a teacher that knows more of the text. At tokens of held-out texts the teacher reads the whole prefix, and
/// its distribution p of the next token is compared with two others: "context-kl-student-K" is the mean KL(p ‖ generator that reads the
/// last K tokens of the prefix alone) in nats, "context-kl-teacher-K", the yardstick, that with the teacher itself reading the last K
/// tokens. "context-kl-student" and "context-kl-teacher" are those for the context that the generator was trained for
/// ("pretraining.teacher.context"); of one that reads everything the first is the KL at the whole prefix, and the second is left out. Only
/// tokens with more tokens before them than the longest of "contexts", start token included, count, the same ones for all contexts and
/// students: "context-positions" is their number.
/// </summary>
public sealed record ContextDivergenceMetricOptions : MetricOptions, IModelReader
{
    /// <summary>
    /// The teacher's folder in Hugging Face's layout; its vocabulary is that of the experiment's tokenizer. A relative path starts at the
    /// folder of the experiment file.
    /// </summary>
    [Required]
    public string Model { get; init; } = "";

    /// <summary>K: numbers of tokens, each below "length". Default [1, 2, 4, 8, 16].</summary>
    public IReadOnlyList<int> Contexts { get; init; } = [1, 2, 4, 8, 16];

    /// <summary>Held-out texts that are read at most, spread evenly over them. Default 200.</summary>
    [Range(1, int.MaxValue)]
    public int Limit { get; init; } = 200;

    /// <summary>Tokens that count at most, spread evenly over those of the texts. Default 1000.</summary>
    [Range(1, int.MaxValue)]
    public int Positions { get; init; } = 1000;

    public override bool NeedsData => true;

    public override bool NeedsHeldOut => true;

    public override IReadOnlyList<string>? ValueNames =>
    [
        ContextDivergenceMetric.Student, ContextDivergenceMetric.Teacher, ContextDivergenceMetric.Count,
        .. Contexts.SelectMany(k => new[] { $"{ContextDivergenceMetric.Student}-{k}", $"{ContextDivergenceMetric.Teacher}-{k}" }),
    ];

    public override IEnumerable<Problem> Validate(string path)
    {
        if (Contexts.Count == 0) yield return new($"{path}.contexts", "is empty; give at least one number of tokens, such as [4].");
        for (var i = 0; i < Contexts.Count; i++)
        {
            if (Contexts[i] < 1) yield return new($"{path}.contexts[{i}]", $"is {Contexts[i]}; a context has at least 1 token.");
            else if (Contexts.Take(i).Contains(Contexts[i])) yield return new($"{path}.contexts[{i}]", $"{Contexts[i]} is there twice.");
        }
    }

    public override IMetric Build(MetricContext context)
    {
        const string kind = "context-divergence";
        var tokenizer = context.Encoder.Tokenizer;
        var (rows, promptLengths) = context.Rows(kind, Data, ReferenceSplit.HeldOut, Limit);
        return new ContextDivergenceMetric(context.Model(kind, this), rows, promptLengths, tokenizer.StartId, tokenizer.EndId, Contexts,
            context.StudentContext, Positions);
    }
}
