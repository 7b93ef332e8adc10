namespace TextGan.Training;

/// <summary>
/// Measures how far the gradients of the objective's terms (discriminators and regularisers) agree: <c>conflict/...</c> in metrics.jsonl
/// and the picture "conflict" have the cosine of each pair, the share of iterations in which it is below 0, each term's share of the
/// step, and the cosine of each term with itself over two halves of the batch, which tells how much of a gradient is noise. The terms of
/// a pair read the same texts and share their noise: their cosine tells of the step that is taken. Training stays the same to the bit.
/// </summary>
public sealed record ConflictOptions : ComponentOptions
{
    /// <summary>
    /// Measures every n iterations, at the first update from a batch; a multiple of "training.logEvery". A measurement takes three further
    /// backward passes per term (one, and one for each half of the batch; the combiners "pcgrad", "mgda", "cagrad" and "gradnorm" use
    /// the first one, too), and the memory of a gradient per term and of two more. With
    /// four terms and an LSTM on two cores a measured iteration took 3.8 times as long, so that every tenth costs 28%. Default 10.
    /// </summary>
    [Range(1, 100_000_000)]
    public int Every { get; init; } = 10;

    /// <summary>Whether an iteration, from 0, is measured.</summary>
    internal bool IsDue(long step) => (step + 1) % Every == 0;
}
