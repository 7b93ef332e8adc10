using TextGan.Generators;
using TextGan.Learning.Rollouts;

namespace TextGan.Learning.Objectives.Regularizers;

/// <summary>A term of the generator's objective besides the discriminators', in nats per token; smaller is better.</summary>
/// <remarks>What is saved and loaded is the whole checkpoint: use a name of your own.</remarks>
public abstract class Regularizer : LearningPart
{
    (Func<long, long, Tensor> Of, Tensor[] Reads)? part; // of the last batch

    /// <summary>The term's name in the log, for combiners, and as the key of its weight.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it reads the logits of the batch's ids.</summary>
    public virtual bool NeedsLogits => false;

    /// <summary>Whether it reads the log-probabilities of the batch's ids under the reference.</summary>
    public virtual bool NeedsReference => false;

    /// <summary>A scalar, differentiable in the generator. Temporary tensors belong to the caller's scope.</summary>
    public abstract Tensor Of(GeneratedBatch batch);

    /// <summary>The term of a batch.</summary>
    public Term TermOf(GeneratedBatch batch)
    {
        using var scope = NewDisposeScope();
        part = null;
        var value = Of(batch).MoveToOuterDisposeScope();
        foreach (var figure in Figures) figure.Value.MoveToOuterDisposeScope();
        foreach (var read in part?.Reads ?? []) read.MoveToOuterDisposeScope();
        return new Term(Name, () => value, value.detach().MoveToOuterDisposeScope()) { Part = part?.Of };
    }

    /// <summary>Says how the term of the present batch is computed over part of its rows (<see cref="Term.Part"/>).</summary>
    /// <param name="of">(from, count) → a scalar.</param>
    /// <param name="reads">What that reads and this has made.</param>
    protected void Divide(Func<long, long, Tensor> of, params Tensor[] reads) => part = (of, reads);

    /// <summary>
    /// [B,T]: what is computed of ids [b,T] and their logits [b,T,V], where the batch is divided part after part. Relaxed tokens make
    /// logits of other prefixes, and let a gradient run back through them: those texts are read once more.
    /// </summary>
    protected static Tensor OfLogits(GeneratedBatch batch, Generator generator, int startId, Func<Tensor, Tensor, Tensor> compute) =>
        batch.Logits is { } logits ? compute(batch.Tokens.Ids, logits)
            : Recomputed.ByRows(batch.Parts, batch.Tokens.Ids,
                ids => compute(ids, generator.forward(TeacherForcing.Inputs(ids, startId))), [.. generator.parameters()]);

    /// <summary>The mean of values of tokens, as the term.</summary>
    /// <param name="values">[B,T].</param>
    /// <param name="response">[B,T]: 1 where a token counts.</param>
    /// <param name="normalization">How tokens become one number.</param>
    protected Tensor Mean(Tensor values, Tensor response, LengthNormalization normalization = LengthNormalization.Tokens)
    {
        var (counted, mask) = (values * response, response.alias());
        Divide((from, count) => normalization.Mean(counted.narrow(0, from, count), mask.narrow(0, from, count)), counted, mask);
        return normalization.Mean(counted, mask);
    }
}
