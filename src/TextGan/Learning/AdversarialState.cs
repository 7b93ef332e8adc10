using TextGan.Generators;
using TextGan.Optimizers;
using TextGan.Runs.Format;
using TextGan.Training;
using TextGan.Training.Guards;

namespace TextGan.Learning;

/// <summary>Where the adversarial phase stands: all that a checkpoint of it holds.</summary>
public sealed class AdversarialState(AdversarialParts parts, optim.Optimizer optimizer, GuardWatch watch) : IStateful
{
    /// <summary>Updates of the discriminators' pretraining that were done.</summary>
    public long Pretrained { get; set; }

    /// <summary>Iterations that were done.</summary>
    public long Done { get; set; }

    /// <summary>Whether the evaluation before the first iteration was made.</summary>
    public bool Begun { get; set; }

    /// <summary>Writes a checkpoint, unless a weight in it is not finite.</summary>
    public void Checkpoint(Phase phase, long step, bool interim = false) => watch.Checkpoint(phase, step, this, interim);

    public void Save(StateBag bag)
    {
        var own = bag.Scope("adversarial");
        own.Put("pretrained", Pretrained);
        own.Put("done", Done);
        own.Put("begun", Begun ? 1 : 0);
        ModuleState.Save(parts.Generator, bag.Scope("generator"));
        if (StoredReference is { } reference) ModuleState.Save(reference, bag.Scope("reference"));
        OptimizerMemory.Save(optimizer, bag.Scope("optimizer"));
        foreach (var (part, scope) in All(bag)) part?.Save(scope);
    }

    public void Load(StateBag bag)
    {
        var own = bag.Scope("adversarial");
        (Pretrained, Done, Begun) = (own.GetLong("pretrained"), own.GetLong("done"), own.GetLong("begun") == 1);
        ModuleState.Load(parts.Generator, bag.Scope("generator"));
        if (StoredReference is { } reference) ModuleState.Load(reference, bag.Scope("reference"));
        OptimizerMemory.Load(optimizer, bag.Scope("optimizer"));
        foreach (var (part, scope) in All(bag)) part?.Load(scope);
        ScaleLearningRates();
    }

    /// <summary>Puts what the discriminators' pretraining has made into a bag.</summary>
    public void SavePretraining(StateBag bag)
    {
        bag.Put("pretrained", Pretrained);
        watch.Save(bag.Scope("guards"));
        foreach (var (part, scope) in Discriminators(bag)) part?.Save(scope);
    }

    /// <summary>Takes back what <see cref="SavePretraining"/> put there.</summary>
    public void LoadPretraining(StateBag bag)
    {
        Pretrained = bag.GetLong("pretrained");
        watch.Load(bag.Scope("guards"));
        foreach (var (part, scope) in Discriminators(bag)) part?.Load(scope);
        ScaleLearningRates();
    }

    /// <summary>Sets the step sizes to what the options say times what guards have left of it.</summary>
    public void ScaleLearningRates()
    {
        LearningRates.Scale(optimizer, watch.Factor(GuardWatch.Generator));
        foreach (var discriminator in parts.Discriminators) discriminator.ScaleLearningRate(
            watch.Factor(GuardWatch.Discriminator(discriminator.Name)));
    }

    Generator? StoredReference => parts.ReferenceIsInFolder ? null : parts.Reference;

    /// <summary>What has state besides the generator and its optimiser, and where a checkpoint holds it.</summary>
    IEnumerable<(IStateful? Part, StateBag Scope)> All(StateBag bag) =>
    [
        (watch, bag.Scope("guards")), (parts.Average, bag.Scope("average")), (parts.Update, bag.Scope("estimator")),
        (parts.Combiner, bag.Scope("combiner")), (parts.KlWeight, bag.Scope("kl-weight")),
        .. parts.Regularizers.Select(regularizer => (regularizer, bag)), .. Discriminators(bag),
    ];

    IEnumerable<(IStateful? Part, StateBag Scope)> Discriminators(StateBag bag) =>
        parts.Discriminators.Select(discriminator => ((IStateful?)discriminator, bag.Scope($"discriminators/{discriminator.Name}")));
}
