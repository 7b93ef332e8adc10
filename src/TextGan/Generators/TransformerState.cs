using TextGan.Generators.Decoder;

namespace TextGan.Generators;

/// <summary>Keys and values of every layer.</summary>
sealed class TransformerState(KeyValueCache[] layers, int capacity, int position) : GeneratorState(position)
{
    public KeyValueCache Layer(int index) => layers[index];

    /// <exception cref="InvalidOperationException">More tokens than the state was started for.</exception>
    public void Advance(int steps)
    {
        if (Position + steps > capacity)
            throw new InvalidOperationException($"The state was started for {capacity} tokens and cannot read token {Position + steps}.");
        Position += steps;
    }

    public override GeneratorState Select(Tensor rows) =>
        new TransformerState(Array.ConvertAll(layers, layer => layer.Select(rows)), capacity, Position);

    protected override void Dispose(bool disposing)
    {
        foreach (var layer in layers) layer.Dispose();
    }
}
