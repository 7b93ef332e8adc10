using TextGan.Optimizers;
using TextGan.Runs.Format;
using TextGan.Runs.Recording;
using TextGan.Storage;
using TextGan.Training;
using TextGan.Training.Guards;
using static TorchSharp.torch;

namespace TextGan.Learning;

/// <summary>Where the adversarial phase stands: all that a checkpoint of it holds.</summary>
public sealed class AdversarialState(AdversarialParts parts, optim.Optimizer optimizer, GuardWatch watch, Recorder recorder) : IStateful
{
    /// <summary>Updates of the discriminators' pretraining that were done.</summary>
    public long Pretrained { get; set; }

    /// <summary>Iterations that were done.</summary>
    public long Done { get; set; }

    /// <summary>Whether the evaluation before the first iteration was made.</summary>
    public bool Begun { get; set; }

    /// <summary>Writes a checkpoint, unless a weight in it is not finite.</summary>
    public void Checkpoint(Phase phase, long step, bool interim = false) => recorder.Save(phase, step, bag =>
    {
        Save(bag);
        watch.CheckWeights(phase, step, bag);
    }, interim);

    public void Save(StateBag bag)
    {
        var own = bag.Scope("adversarial");
        own.Put("pretrained", Pretrained);
        own.Put("done", Done);
        own.Put("begun", Begun ? 1 : 0);
        watch.Save(bag.Scope("guards"));
        ModuleState.Save(parts.Generator, bag.Scope("generator"));
        OptimizerMemory.Save(optimizer, bag.Scope("optimizer"));
        parts.Average?.Save(bag.Scope("average"));
        parts.Update.Save(bag.Scope("estimator"));
        parts.Combiner.Save(bag.Scope("combiner"));
        foreach (var regularizer in parts.Regularizers) regularizer.Save(bag);
        SaveDiscriminators(bag);
    }

    public void Load(StateBag bag)
    {
        var own = bag.Scope("adversarial");
        (Pretrained, Done, Begun) = (own.GetLong("pretrained"), own.GetLong("done"), own.GetLong("begun") == 1);
        watch.Load(bag.Scope("guards"));
        ModuleState.Load(parts.Generator, bag.Scope("generator"));
        OptimizerMemory.Load(optimizer, bag.Scope("optimizer"));
        parts.Average?.Load(bag.Scope("average"));
        parts.Update.Load(bag.Scope("estimator"));
        parts.Combiner.Load(bag.Scope("combiner"));
        foreach (var regularizer in parts.Regularizers) regularizer.Load(bag);
        LoadDiscriminators(bag);
        ScaleLearningRates();
    }

    /// <summary>Puts what the discriminators' pretraining has made into a bag.</summary>
    public void SavePretraining(StateBag bag)
    {
        bag.Put("pretrained", Pretrained);
        watch.Save(bag.Scope("guards"));
        SaveDiscriminators(bag);
    }

    /// <summary>Takes back what <see cref="SavePretraining"/> put there.</summary>
    public void LoadPretraining(StateBag bag)
    {
        Pretrained = bag.GetLong("pretrained");
        watch.Load(bag.Scope("guards"));
        LoadDiscriminators(bag);
        ScaleLearningRates();
    }

    /// <summary>Sets the step sizes to what the options say times what guards have left of it.</summary>
    public void ScaleLearningRates()
    {
        LearningRates.Scale(optimizer, watch.Factor(GuardWatch.Generator));
        foreach (var discriminator in parts.Discriminators) discriminator.ScaleLearningRate(
            watch.Factor(GuardWatch.Discriminator(discriminator.Name)));
    }

    void SaveDiscriminators(StateBag bag)
    {
        foreach (var discriminator in parts.Discriminators) discriminator.Save(bag.Scope($"discriminators/{discriminator.Name}"));
    }

    void LoadDiscriminators(StateBag bag)
    {
        foreach (var discriminator in parts.Discriminators) discriminator.Load(bag.Scope($"discriminators/{discriminator.Name}"));
    }
}
