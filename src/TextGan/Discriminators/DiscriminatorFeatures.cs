using TextGan.Generators;

namespace TextGan.Discriminators;

/// <summary>
/// The features that a discriminator computes of the beginnings of texts (<see cref="DiscriminatorOutput.Features"/>), without dropout. It
/// reads a beginning as a text that ends there: with the end token, then padding, up to the length of texts; where texts have no end,
/// padding alone.
/// </summary>
public sealed class DiscriminatorFeatures : PrefixFeatures
{
    /// <summary>Beginnings that are read at once.</summary>
    const int AtOnce = 4096;

    readonly Discriminator discriminator;
    readonly int length, paddingId;
    readonly int? endId;

    /// <param name="discriminator">One that shows features; disposed of with this.</param>
    /// <param name="length">T.</param>
    /// <param name="endId">The id that ends a text, or null.</param>
    /// <param name="paddingId">What fills a text after its end.</param>
    /// <param name="device">The model's device.</param>
    public DiscriminatorFeatures(Discriminator discriminator, int length, int? endId, int paddingId, Device device)
    {
        (this.discriminator, this.length, this.endId, this.paddingId) = (discriminator, length, endId, paddingId);
        discriminator.eval();
        foreach (var parameter in discriminator.parameters()) parameter.requires_grad_(false);
        using var scope = NewDisposeScope();
        Size = (int)Of(empty([1, 0], int64, device)).shape[1];
    }

    /// <inheritdoc />
    public override int Size { get; }

    /// <inheritdoc />
    public override nn.Module Model => discriminator;

    /// <inheritdoc />
    public override Tensor Of(Tensor tokens)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        return Read(Filled(tokens)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    public override Tensor OfAll(Tensor tokens)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var (batch, given) = (tokens.shape[0], tokens.shape[1]);
        var rows = cat([.. Enumerable.Range(0, (int)given + 1).Select(count => Filled(tokens.narrow(1, 0, count)))]); // [(P+1)·B,T]
        return Read(rows).view(given + 1, batch, -1).transpose(0, 1).contiguous().MoveToOuterDisposeScope(); // [B,P+1,F]
    }

    /// <summary>[B,P] → [B,T].</summary>
    Tensor Filled(Tensor tokens)
    {
        var missing = length - tokens.shape[1];
        if (missing == 0) return tokens.alias();
        var filling = full([tokens.shape[0], missing], Held(paddingId), int64, tokens.device);
        if (endId is { } end && end != paddingId) // a beginning that has ended gets no second end
            filling.select(1, 0).masked_fill_(tokens.eq(Held(end)).any(1).logical_not(), Held(end));
        return cat([tokens, filling], 1);
    }

    /// <summary>[N,T] → [N,F].</summary>
    Tensor Read(Tensor rows)
    {
        var parts = new List<Tensor>();
        for (long from = 0; from < rows.shape[0]; from += AtOnce)
        {
            using var scope = NewDisposeScope();
            var part = rows.narrow(0, from, Math.Min(AtOnce, rows.shape[0] - from));
            parts.Add(discriminator.call(new TextBatch(part, endId)).RequireFeatures().MoveToOuterDisposeScope());
        }
        return parts.Count == 1 ? parts[0] : cat(parts);
    }

    /// <inheritdoc />
    protected override void Release() => discriminator.Dispose();
}
