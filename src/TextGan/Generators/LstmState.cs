using static TorchSharp.torch;

namespace TextGan.Generators;

/// <summary>Hidden and cell state of every layer, each [L,B,H].</summary>
sealed class LstmState : GeneratorState
{
    public LstmState(LstmSteps steps, Tensor hidden, Tensor cell, int position)
    {
        Steps = steps;
        Hidden = hidden.DetachFromDisposeScope();
        Cell = cell.DetachFromDisposeScope();
        Position = position;
    }

    public Tensor Hidden { get; private set; }

    public Tensor Cell { get; private set; }

    /// <summary>What reads token after token; states that were selected from this one share it.</summary>
    public LstmSteps Steps { get; }

    /// <summary>Takes the new state over; what the graph still needs of the old one it keeps itself.</summary>
    public void Advance(Tensor hidden, Tensor cell, int steps)
    {
        Hidden.Dispose();
        Cell.Dispose();
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
        if (!disposing) return;
        Hidden.Dispose();
        Cell.Dispose();
    }
}
