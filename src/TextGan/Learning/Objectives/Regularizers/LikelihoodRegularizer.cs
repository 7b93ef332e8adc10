using TextGan.Generators;
using TextGan.Learning.Rollouts;
using TextGan.Training;

namespace TextGan.Learning.Objectives.Regularizers;

/// <summary>Negative log-likelihood of as many real texts as the batch has, mean over their tokens.</summary>
public sealed class LikelihoodRegularizer(Generator generator, EncodedSet data, int startId, int? endId, Device device, int seed)
    : Regularizer
{
    readonly BatchOrder order = new(data.Texts.Count, seed, "likelihood");

    public override string Name => "likelihood";

    public override Tensor Of(GeneratedBatch batch)
    {
        var real = data.Texts.Texts(order.Next((int)batch.Tokens.Batch), endId, device); // [B,T]
        var losses = batch.Parts == 1 ? null
            : -Recomputed.ByRows(batch.Parts, real.Ids, ids => TeacherForcing.LogProbabilities(generator, ids, startId),
                [.. generator.parameters()]); // [B,T]
        Tensor?[] reads = [real.Ids, real.Mask, real.HasPrompts ? real.Response : null, losses];
        Divide(OfRows, [.. reads.OfType<Tensor>()]);
        return OfRows(0, real.Batch);

        // With the gradient of what the generator's manager learns from real texts, if it has one; the value is the likelihood's.
        Tensor OfRows(long from, long count)
        {
            var rows = real.Rows(from, count);
            var loss = losses is null ? TeacherForcing.Loss(generator, rows.Ids, rows.Response, startId)
                : LengthNormalization.Tokens.Mean(losses.narrow(0, from, count) * rows.Response, rows.Response);
            return GoalLoss.OfReal(generator, rows) is { } goals ? loss.Plus(goals - goals.detach()) : loss;
        }
    }

    public override void Save(StateBag bag) => order.Save(bag.Scope("likelihood-order"));

    public override void Load(StateBag bag) => order.Load(bag.Scope("likelihood-order"));
}
