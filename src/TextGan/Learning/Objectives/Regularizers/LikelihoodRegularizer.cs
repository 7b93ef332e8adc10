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
        if (batch.Parts == 1)
        {
            Divide((from, count) => TeacherForcing.Loss(generator, real.Ids.narrow(0, from, count), real.Response.narrow(0, from, count),
                startId), real.Ids, real.Response);
            return WithGoals(TeacherForcing.Loss(generator, real.Ids, real.Response, startId), real);
        }
        return WithGoals(Mean(-Recomputed.ByRows(batch.Parts, real.Ids, ids => TeacherForcing.LogProbabilities(generator, ids, startId),
            [.. generator.parameters()]), real.Response), real);
    }

    /// <summary>With the gradient of what the generator's manager learns from real texts, if it has one; the value is the loss's.</summary>
    Tensor WithGoals(Tensor loss, TextBatch real) =>
        GoalLoss.OfReal(generator, real) is { } goals ? loss.Plus(goals - goals.detach()) : loss;

    public override void Save(StateBag bag) => order.Save(bag.Scope("likelihood-order"));

    public override void Load(StateBag bag) => order.Load(bag.Scope("likelihood-order"));
}
