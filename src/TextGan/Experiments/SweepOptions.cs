namespace TextGan.Experiments;

/// <summary>
/// Makes several experiments of one, each with another setting of some options. A key is the path of an option, as '--set' has it
/// (training.batch, discriminators.helpfulness.weight, discriminators[0].weight). Its value is a list of values, or a range of numbers
/// such as { "from": 0.1, "to": 1, "steps": 4, "scale": "log" }. Every combination is an experiment (a grid; the last key varies
/// fastest), unless 'random' draws some. An experiment is called by what varies: mle+batch=64+temperature=0.1.
/// </summary>
public sealed record SweepOptions : ComponentOptions
{
    /// <summary>Draws settings at random; null (default) makes every combination.</summary>
    public RandomSweepOptions? Random { get; init; }
}
