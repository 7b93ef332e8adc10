using TextGan.Generators;
using TextGan.Learning.Rollouts;
using TextGan.Optimizers;
using TextGan.Training;
using static TextGan.Native.KeptTensor;
using OptimizerOptions = TextGan.Optimizers.OptimizerOptions;

namespace TextGan.Learning.Objectives.Regularizers;

/// <summary>
/// Cooperative training with a mediator (<see cref="MediatorOptions"/>). The term of a batch is of the mediator as it was before, so that
/// it has not learnt from the prefixes at which it is asked; then it learns from that batch and as many real texts. Its step is taken at
/// the next use, or when it is saved.
/// </summary>
public sealed class MediatorRegularizer : Regularizer
{
    /// <summary>The term's name.</summary>
    public const string TermName = "mediator";

    readonly Generator generator, mediator;
    readonly EncodedSet data;
    readonly int startId;
    readonly int? endId;
    readonly double clip;
    readonly TorchSharp.Modules.Parameter[] parameters;
    readonly optim.Optimizer optimizer;
    readonly PendingStep step;
    readonly BatchOrder order;
    Tensor? loss, norm; // 0-dim, of the last update

    /// <param name="generator">The generator that learns.</param>
    /// <param name="mediator">With the generator's vocabulary, on its device; disposed of with this.</param>
    /// <param name="data">The real texts.</param>
    /// <param name="startId">The id before the first token.</param>
    /// <param name="endId">The id that ends a text, or null.</param>
    /// <param name="optimizer">How the mediator learns.</param>
    /// <param name="clip">The largest norm of its gradient; 0 for any.</param>
    /// <param name="seed">The run's, for the order of the real texts.</param>
    public MediatorRegularizer(Generator generator, Generator mediator, EncodedSet data, int startId, int? endId,
        OptimizerOptions optimizer, double clip, int seed)
    {
        (this.generator, this.mediator, this.data, this.startId, this.endId, this.clip) = (generator, mediator, data, startId, endId, clip);
        parameters = [.. mediator.parameters()];
        foreach (var parameter in parameters) parameter.requires_grad_(true);
        this.optimizer = optimizer.BuildChecked(new OptimizerContext(parameters));
        step = new PendingStep(this.optimizer);
        order = new BatchOrder(data.Texts.Count, seed, "mediator");
    }

    public override string Name => TermName;

    public override bool NeedsLogits => true;

    public override IEnumerable<KeyValuePair<string, Tensor>> Figures => loss is null || norm is null ? []
        : [new("mediator/loss", loss), new("mediator/gradientNorm", norm)];

    public override Tensor Of(GeneratedBatch batch)
    {
        step.Take();
        mediator.eval();
        var each = OfLogits(batch, generator, startId, (ids, logits) =>
        {
            Tensor mediated;
            using (no_grad()) mediated = mediator.forward(TeacherForcing.Inputs(ids, startId)).log_softmax(-1); // [b,T,V]
            return KullbackLeibler.Of(logits.log_softmax(-1), mediated);
        }); // [B,T]
        var term = Mean(each, batch.Tokens.Response);
        Learn(batch.Tokens);
        return term;
    }

    /// <summary>One update by the likelihood of these texts and of as many real ones, up to its step.</summary>
    void Learn(TextBatch texts)
    {
        using var scope = NewDisposeScope();
        mediator.train();
        var real = data.Texts.Texts(order.Next((int)texts.Batch), endId, texts.Device); // [B,T]
        var found = TeacherForcing.Loss(
            mediator, cat([real.Ids, texts.Ids]), cat([real.Response, texts.Response]), startId);
        Gradients.Clear(parameters);
        BackwardPass.Run(found);
        mediator.eval(); // as it is when a batch in parts reads it once more in the generator's backward pass
        Keep(ref norm, GradientNorm.Clip(parameters, clip));
        Keep(ref loss, found.detach());
        step.Prepare(loss!.Plus(norm!));
    }

    public override void Save(StateBag bag)
    {
        step.Take();
        var own = bag.Scope(TermName);
        ModuleState.Save(mediator, own.Scope("weights"));
        OptimizerMemory.Save(optimizer, own.Scope("optimizer"));
        order.Save(own.Scope("order"));
    }

    public override void Load(StateBag bag)
    {
        step.Forget();
        var own = bag.Scope(TermName);
        ModuleState.Load(mediator, own.Scope("weights"));
        OptimizerMemory.Load(optimizer, own.Scope("optimizer"));
        order.Load(own.Scope("order"));
    }

    protected override void Release()
    {
        loss?.Dispose();
        norm?.Dispose();
        step.Dispose();
        optimizer.Dispose();
        mediator.Dispose();
    }
}
