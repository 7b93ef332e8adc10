using TextGan.Discriminators;
using TextGan.Training;

namespace TextGan.Learning;

/// <summary>
/// The texts that a discriminator learns to tell from its real ones: rejected texts first, then earlier generated ones, then fresh ones.
/// </summary>
public sealed class OpposingSide : IStateful, IDisposable
{
    readonly IdRows? pairs;
    readonly ReplayBuffer? replay;
    readonly Device device;
    readonly int? endId;
    readonly int batch, rejected, replayed;

    /// <param name="options">The shares.</param>
    /// <param name="replay">What is kept for the share of replayed texts.</param>
    /// <param name="pairs">The rejected texts, if there are any.</param>
    /// <param name="batch">Texts in an update.</param>
    /// <param name="device">Where the texts go.</param>
    /// <param name="endId">The id that ends a text, or null.</param>
    /// <param name="seed">The run's seed, for what is kept and replayed.</param>
    /// <param name="purpose">What its random numbers are for.</param>
    public OpposingSide(OpponentOptions options, ReplayOptions replay, IdRows? pairs, int batch, Device device, int? endId, int seed,
        string purpose)
    {
        (this.pairs, this.batch, this.device, this.endId) = (pairs, batch, device, endId);
        (rejected, replayed) = (options.RejectedOf(batch), options.ReplayedOf(batch));
        if (replayed > 0) this.replay = new ReplayBuffer(replay.Capacity, device, endId, seed, $"{purpose}/replay");
    }

    /// <summary>Fresh texts that the next update reads: more while nothing is there to be replayed.</summary>
    public int Generated => batch - rejected - Replayed;

    int Replayed => replay is { Count: > 0 } ? replayed : 0;

    /// <summary>The opponents of an update.</summary>
    /// <param name="generated">As many fresh texts as <see cref="Generated"/> says.</param>
    /// <param name="rows">The row numbers of the real side: row i is rejected against the chosen text of the same pair, which losses on
    /// pairs rely on.</param>
    public Opponents Next(TextBatch generated, long[] rows)
    {
        var counts = (Replayed, Generated);
        List<TextBatch> parts = [];
        if (rejected > 0) parts.Add(pairs!.Texts(rows[..rejected], endId, device));
        if (counts.Replayed > 0) parts.Add(replay!.Draw(counts.Replayed));
        if (counts.Generated > 0) parts.Add(generated);
        replay?.Add(generated);
        return new(parts.Aggregate((all, part) => all.Concat(part)), rejected, counts.Replayed, counts.Generated);
    }

    public void Save(StateBag bag) => replay?.Save(bag.Scope("replay"));

    public void Load(StateBag bag) => replay?.Load(bag.Scope("replay"));

    public void Dispose() => replay?.Dispose();
}
