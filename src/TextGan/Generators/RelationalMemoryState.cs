namespace TextGan.Generators;

/// <summary>The slots, [B,S,M].</summary>
sealed class RelationalMemoryState(Tensor memory, int position) : GeneratorState(position)
{
    public Tensor Memory { get; private set; } = memory.DetachFromDisposeScope();

    /// <summary>Takes the new slots over; what the graph still needs of the old ones it keeps itself.</summary>
    public void Advance(Tensor memory, int steps)
    {
        Memory.Dispose();
        Memory = memory.DetachFromDisposeScope();
        Position += steps;
    }

    public override GeneratorState Select(Tensor rows) => new RelationalMemoryState(Memory.index_select(0, rows), Position);

    protected override void Dispose(bool disposing) => Memory.Dispose();
}
