using TextGan.Generators;

namespace TextGan.Training;

/// <summary>
/// A second generator whose weights are the exponential moving average of the first's: a ← decay·a + (1 - decay)·w after each update. What
/// does not learn (buffers, such as a copy of a discriminator) is the first's.
/// </summary>
/// <param name="averaged">A generator of the same shape; disposed of with this.</param>
/// <param name="decay">Share of the old average that is kept.</param>
public sealed class WeightAverage(Generator averaged, double decay) : IStateful, IDisposable
{
    /// <summary>The generator with averaged weights.</summary>
    public Generator Generator { get; } = averaged;

    /// <summary>Begins at the generator's weights.</summary>
    public void Start(Generator source) => ModuleState.Copy(source, Generator);

    public void Update(Generator source)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (average, weight) in Generator.parameters().Zip(source.parameters())) average.lerp_(weight, 1 - decay);
        foreach (var (own, its) in Generator.buffers().Zip(source.buffers())) own.copy_(its);
    }

    public void Save(StateBag bag) => ModuleState.Save(Generator, bag);

    public void Load(StateBag bag) => ModuleState.Load(Generator, bag);

    public void Dispose() => Generator.Dispose();
}
