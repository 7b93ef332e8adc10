using TextGan.Discriminators;
using TextGan.Generators;
using TextGan.Generators.Sampling;
using TextGan.Learning.Baselines;
using TextGan.Learning.Credit;
using TextGan.Learning.Objectives;
using TextGan.Learning.Rewards;
using TextGan.Learning.Rollouts;
using TextGan.Learning.Updates;
using TextGan.Learning.Updates.Losses;

namespace TextGan.Benchmarks.Paths;

/// <summary>Steps of a transformer with and without what spares memory: batches in parts, activations that are recomputed.</summary>
static class SparingSteps
{
    const int Rows = 16, Length = 64, Vocabulary = 2000;

    /// <summary>The path of this name, or null.</summary>
    public static IBenchmarkPath? Named(string name) => name switch
    {
        "gumbel_whole" => Step(GeneratorStep.GumbelEstimator(), 1),
        "gumbel_in_8_parts" => Step(GeneratorStep.GumbelEstimator(), 8),
        "reinforce_whole" => Step(Reinforce(), 1),
        "reinforce_in_8_parts" => Step(Reinforce(), 8),
        "activations_kept" => new LikelihoodStep(Generator(layers: 12, recomputes: false), Rows, Length),
        "activations_recomputed" => new LikelihoodStep(Generator(layers: 12, recomputes: true), Rows, Length),
        _ => null,
    };

    static GeneratorStep Step(UpdateRule estimator, int parts)
    {
        var judge = new BagDiscriminatorOptions { Name = "bag" }.Build(
            new DiscriminatorContext(Vocabulary, Length, null, BenchmarkDevice.Current, ids => string.Join(' ', ids)));
        return new(Generator(4, false), [judge], estimator, Rows, Length) { Parts = parts };
    }

    static Generator Generator(int layers, bool recomputes) =>
        new TransformerGeneratorOptions { Hidden = 128, Layers = layers, CheckpointActivations = recomputes }.Build(
            new GeneratorContext(Vocabulary, Length, BenchmarkDevice.Current));

    static PolicyGradientUpdate Reinforce() => new(new LogitReward(), new SequenceCredit(),
        new AdvantageCombination([new LeaveOneOutBaseline()]), new ReinforceLoss(), new RolloutCollector(new SamplingOptions(), null));
}
