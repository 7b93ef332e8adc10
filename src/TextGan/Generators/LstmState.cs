namespace TextGan.Generators;

/// <summary>Hidden and cell state of every layer, each [L,B,H].</summary>
sealed class LstmState(LstmSteps steps, Tensor hidden, Tensor cell, int position) : GeneratorState(position)
{
    public Tensor Hidden { get; private set; } = hidden.DetachFromDisposeScope();

    public Tensor Cell { get; private set; } = cell.DetachFromDisposeScope();

    /// <summary>What reads token after token; states that were selected from this one share it.</summary>
    public LstmSteps Steps => steps;

    /// <summary>Takes the new state over; what the graph still needs of the old one it keeps itself.</summary>
    public void Advance(Tensor hidden, Tensor cell, int steps)
    {
        Dispose(true);
        Hidden = hidden.DetachFromDisposeScope();
        Cell = cell.DetachFromDisposeScope();
        Position += steps;
    }

    public override GeneratorState Select(Tensor rows)
    {
        using var scope = NewDisposeScope();
        return new LstmState(Steps, Hidden.index_select(1, rows), Cell.index_select(1, rows), Position);
    }

    protected override void Dispose(bool disposing)
    {
        Hidden.Dispose();
        Cell.Dispose();
    }
}
