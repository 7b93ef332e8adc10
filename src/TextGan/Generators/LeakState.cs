namespace TextGan.Generators;

/// <summary>What a <see cref="LeakGenerator"/> remembers.</summary>
/// <param name="Tokens">[B,n] int64: the text so far, without the start token.</param>
/// <param name="Worker">Hidden and cell state, each [1,B,H].</param>
/// <param name="Manager">Hidden and cell state, each [1,B,M].</param>
/// <param name="Directions">[B,≤ c,k]: the newest goals as the worker sees them.</param>
sealed record LeakMemory(Tensor Tokens, (Tensor Hidden, Tensor Cell) Worker, (Tensor Hidden, Tensor Cell) Manager, Tensor Directions)
{
    public Tensor[] All => [Tokens, Worker.Hidden, Worker.Cell, Manager.Hidden, Manager.Cell, Directions];
}

/// <summary>The state of a <see cref="LeakGenerator"/>.</summary>
sealed class LeakState : GeneratorState
{
    public LeakState(LeakMemory memory, int position) : base(position) => Memory = Keep(memory);

    public LeakMemory Memory { get; private set; }

    /// <summary>Takes a new memory over after one more token; what the graph still needs of the old one it keeps itself.</summary>
    public void Advance(LeakMemory memory)
    {
        Dispose(true);
        Memory = Keep(memory);
        Position++;
    }

    public override GeneratorState Select(Tensor rows)
    {
        using var scope = NewDisposeScope();
        return new LeakState(new LeakMemory(Memory.Tokens.index_select(0, rows), Of(Memory.Worker), Of(Memory.Manager),
            Memory.Directions.index_select(0, rows)), Position);

        (Tensor, Tensor) Of((Tensor Hidden, Tensor Cell) state) =>
            (state.Hidden.index_select(1, rows), state.Cell.index_select(1, rows));
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var tensor in Memory.All) tensor.Dispose();
    }

    static LeakMemory Keep(LeakMemory memory)
    {
        foreach (var tensor in memory.All) tensor.DetachFromDisposeScope();
        return memory;
    }
}
