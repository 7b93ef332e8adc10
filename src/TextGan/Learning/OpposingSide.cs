using TextGan.Discriminators;
using TextGan.Training;

namespace TextGan.Learning;

/// <summary>The texts that a discriminator learns to tell from its real ones: rejected texts first, then generated ones.</summary>
/// <param name="options">The shares.</param>
/// <param name="data">Its data.</param>
/// <param name="batch">Texts in an update.</param>
/// <param name="device">Where the texts go.</param>
/// <param name="endId">The id that ends a text, or null.</param>
public sealed class OpposingSide(OpponentOptions options, EncodedSet? data, int batch, Device device, int? endId)
{
    /// <summary>Rejected texts of an update.</summary>
    public int Rejected { get; } = options.RejectedOf(batch);

    /// <summary>Fresh texts of the generator that an update reads.</summary>
    public int Generated => batch - Rejected;

    /// <summary>The opponents of an update.</summary>
    /// <param name="generated">As many fresh texts as <see cref="Generated"/> says.</param>
    /// <param name="rows">The row numbers of the real side: row i is rejected against the chosen text of the same pair, which losses on
    /// pairs rely on.</param>
    public TextBatch Next(TextBatch generated, long[] rows)
    {
        if (Rejected == 0) return generated;
        var rejected = data!.Rejected!.Texts(rows[..Rejected], endId, device);
        return Generated == 0 ? rejected : rejected.Concat(generated);
    }
}
