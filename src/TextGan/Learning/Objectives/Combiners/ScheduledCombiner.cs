using TextGan.Schedules;

namespace TextGan.Learning.Objectives.Combiners;

/// <summary>L = Σ w_k(step) L_k: one backward pass.</summary>
public sealed class ScheduledCombiner(
    IReadOnlyDictionary<string, double> weights, IReadOnlyDictionary<string, ScheduleOptions> schedules, long iterations) : Combiner
{
    public override IReadOnlyList<double> Combine(TermGradients terms, long step)
    {
        double[] used = [.. terms.Terms.Select(term =>
            schedules.TryGetValue(term.Name, out var schedule) ? CheckedSchedule.ValueAt(schedule, step, iterations) : weights[term.Name])];
        terms.Backward(used);
        return used;
    }
}
