using TextGan.Schedules;

namespace TextGan.Learning.Objectives.Combiners;

/// <summary>L = Σ w_k(step) L_k.</summary>
public sealed class ScheduledCombiner(
    IReadOnlyDictionary<string, double> weights, IReadOnlyDictionary<string, ScheduleOptions> schedules, long iterations) : ValueCombiner
{
    public override IReadOnlyList<double> Weights(TermGradients terms, long step) =>
        [.. terms.Terms.Select(term =>
            schedules.TryGetValue(term.Name, out var schedule) ? schedule.CheckedAt(step, iterations) : weights[term.Name])];
}
