using TextGan.Generators;
using TorchSharp.Modules;

namespace TextGan.Discriminators;

/// <summary>
/// The log-likelihood of texts under the generator that learns, as it is at the moment: log q(x) of a structured discriminator. Nothing
/// that is computed with it gives the generator's weights a gradient.
/// </summary>
/// <param name="generator">The generator; not owned.</param>
/// <param name="startId">The id before a text's first token.</param>
public sealed class GeneratorLikelihood(Generator generator, int startId)
{
    readonly FrozenLikelihood likelihood = new(generator, startId);
    readonly Parameter[] parameters = [.. generator.parameters()];

    /// <summary>
    /// Σ_t log q(x_t | x_&lt;t) in nats over the tokens of each response, [B]; of relaxed tokens as <see cref="FrozenLikelihood.Of"/> has
    /// it, with a gradient to them alone.
    /// </summary>
    /// <exception cref="InvalidOperationException">The tokens are relaxed, and the generator cannot read such.</exception>
    public Tensor OfTexts(TextBatch tokens)
    {
        if (tokens.Relaxed is not null && generator.EmbeddingTable is null)
            throw new InvalidOperationException(
                $"A structured discriminator reads relaxed tokens as the generator reads them, but {generator.GetName()} has no table of " +
                "embeddings; take an estimator that shows drawn tokens.");
        using var scope = NewDisposeScope();
        Parameter[] learning = [.. parameters.Where(parameter => parameter.requires_grad)];
        foreach (var parameter in learning) parameter.requires_grad_(false);
        try
        {
            return LogLikelihood.OfTexts(likelihood.Of(tokens), tokens.Response, lengthPower: 0).MoveToOuterDisposeScope();
        }
        finally
        {
            foreach (var parameter in learning) parameter.requires_grad_(true);
        }
    }
}
