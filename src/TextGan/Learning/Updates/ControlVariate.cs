using TextGan.Native;
using TextGan.Optimizers;
using TorchSharp;
using TorchSharp.Modules;
using static TextGan.Native.KeptTensor;
using OptimizerOptions = TextGan.Optimizers.OptimizerOptions;

namespace TextGan.Learning.Updates;

/// <summary>
/// c(h, z): a two-layer network on the generator's state h and the relaxed token softmax(z/τ), one number for each judge. It learns, and τ
/// with it.
/// </summary>
public sealed class ControlVariate : IStateful, IDisposable
{
    readonly Network network;
    readonly optim.Optimizer optimizer;
    readonly PendingStep step;
    Tensor? secondMoment; // 0-dim, of the last batch

    /// <param name="hiddenSize">H of the generator.</param>
    /// <param name="vocabularySize">V of the generator.</param>
    /// <param name="width">Width of the hidden layer.</param>
    /// <param name="judges">K.</param>
    /// <param name="temperature">τ at first.</param>
    /// <param name="optimizer">How it learns.</param>
    /// <param name="device">Where the states are.</param>
    public ControlVariate(int hiddenSize, int vocabularySize, int width, int judges, double temperature, OptimizerOptions optimizer,
        Device device)
    {
        using var unfinished = new Unfinished();
        network = unfinished.Add(new Network(hiddenSize, vocabularySize, width, judges, temperature));
        network.to(device);
        this.optimizer = unfinished.Finish(optimizer.BuildChecked(new OptimizerContext(network.parameters())));
        step = new PendingStep(this.optimizer);
    }

    /// <summary>τ and, of the last batch, the second moment of the gradient in the logits, mean over judges and tokens; 0-dim.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Figures => secondMoment is null ? []
        : [new("relax/temperature", network.Temperature.detach().squeeze(0)), new("relax/secondMoment", secondMoment)];

    /// <summary>Takes what it has learnt from the batch before.</summary>
    public void TakeStep() => step.Take();

    /// <summary>[...,H] and [...,V] → [...,K]; can be differentiated twice.</summary>
    public Tensor Of(Tensor hidden, Tensor relaxed) => network.forward(hidden, relaxed);

    /// <summary>Prepares a step down <paramref name="moment"/>, made from <see cref="Of"/>.</summary>
    public void Learn(Tensor moment)
    {
        Gradients.Clear(network.parameters());
        BackwardPass.Run(moment);
        Keep(ref secondMoment, moment.detach());
        step.Prepare(moment.detach().Plus(EuclideanNorm.Limit(AdjacentTensors.GatherGradients(network.parameters()), 0)));
    }

    public void Save(StateBag bag)
    {
        step.Take();
        ModuleState.Save(network, bag.Scope("weights"));
        OptimizerMemory.Save(optimizer, bag.Scope("optimizer"));
    }

    public void Load(StateBag bag)
    {
        step.Forget();
        ModuleState.Load(network, bag.Scope("weights"));
        OptimizerMemory.Load(optimizer, bag.Scope("optimizer"));
    }

    public void Dispose()
    {
        step.Dispose();
        optimizer.Dispose();
        network.Dispose();
        secondMoment?.Dispose();
    }

    sealed class Network : nn.Module<Tensor, Tensor, Tensor>
    {
        readonly Linear ofState, ofToken, output;
        readonly Parameter logTemperature; // [1]

        public Network(int hiddenSize, int vocabularySize, int width, int judges, double temperature) : base(nameof(ControlVariate))
        {
            (ofState, ofToken) = (nn.Linear(hiddenSize, width), nn.Linear(vocabularySize, width, hasBias: false));
            output = nn.Linear(width, judges);
            logTemperature = new Parameter(tensor([(float)Math.Log(temperature)]));
            RegisterComponents();
        }

        public Tensor Temperature => logTemperature.exp();

        public override Tensor forward(Tensor hidden, Tensor relaxed) => output.forward(
            ofState.forward(hidden).Plus(ofToken.forward((relaxed / Temperature).softmax(-1))).tanh());
    }
}
