using TextGan.Optimizers;
using TextGan.Storage;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Tests.Optimizers;

/// <summary>The optimisers that are written in tensor operations give the bits of TorchSharp's.</summary>
public class TensorOptimizerTests
{
    static readonly (string Name, Func<IEnumerable<Parameter>, optim.Optimizer> Own, Func<IEnumerable<Parameter>,
        optim.Optimizer> TorchSharps, ScalarType Type)[] Pairs =
    [
        ("SGD", all => new SgdOptions { LearningRate = 0.03 }.Build(new OptimizerContext(all)), all =>
            optim.SGD(all, 0.03), ScalarType.Float32),
        ("SGD with momentum", all => new SgdOptions { LearningRate = 0.03, Momentum = 0.9 }.Build(new OptimizerContext(all)), all =>
            optim.SGD(all, 0.03, 0.9), ScalarType.Float32),
        ("RMSprop", all => new RmsPropOptions { LearningRate = 0.01, Alpha = 0.95 }.Build(new OptimizerContext(all)), all =>
            optim.RMSProp(all, 0.01, 0.95), ScalarType.Float32),
        // Of another type than the loop over memory takes.
        ("Adam", all => new AdamOptions { LearningRate = 0.01, Beta1 = 0.5 }.Build(new OptimizerContext(all)), all =>
            optim.AdamW(all, 0.01, 0.5, weight_decay: 0), ScalarType.Float64),
        ("Adam with decay", all => new AdamOptions { LearningRate = 0.01, WeightDecay = 0.1 }.Build(new OptimizerContext(all)), all =>
            optim.AdamW(all, 0.01, weight_decay: 0.1), ScalarType.Float64),
        ("AMSGrad, maximising", all =>
            new FusedAdam([new FusedAdam.ParamGroup(all, 0.01, 0.9, 0.999, 1e-8, 0, true, true)], 0.01, 0.9, 0.999, 1e-8, 0),
            all => optim.AdamW(all, 0.01, weight_decay: 0, amsgrad: true, maximize: true), ScalarType.Float32),
    ];

    static IEnumerable<TestCaseData> Cases() =>
        Pairs.Select(pair => new TestCaseData(pair.Own, pair.TorchSharps, pair.Type).SetArgDisplayNames(pair.Name));

    static Parameter[] Parameters(ScalarType type)
    {
        manual_seed(4);
        return [.. ((long[][])[[3], [7, 5], [200, 171]]).Select(shape => nn.Parameter(randn(shape, type)))];
    }

    static void SetGradients(Parameter[] parameters, int step)
    {
        manual_seed(100 + step);
        foreach (var parameter in parameters) parameter.grad = randn(parameter.shape, parameter.dtype) * (step + 1);
        if (step == 2) parameters[0].grad = null; // stays, with its state
    }

    [TestCaseSource(nameof(Cases))]
    public void Equals_TorchSharps_to_the_bit(Func<IEnumerable<Parameter>, optim.Optimizer> own, Func<IEnumerable<Parameter>,
        optim.Optimizer> other, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var (ours, theirs) = (Parameters(type), Parameters(type));
        using var mended = own(ours);
        using var plain = other(theirs);
        for (var step = 0; step < 6; step++)
        {
            if (step == 4)
                foreach (var optimizer in (optim.Optimizer[])[mended, plain]) LearningRates.Scale(optimizer, 0.5);
            SetGradients(ours, step);
            SetGradients(theirs, step);
            mended.step();
            plain.step();
            foreach (var (a, b) in ours.Zip(theirs)) Assert.That(a.equal(b).all().item<bool>(), $"step {step}");
        }
        Assert.That(State(mended), Is.EqualTo(State(plain)), "what a checkpoint holds");
    }

    /// <summary>A closure is called once, with gradients on, and its loss comes back.</summary>
    [TestCaseSource(nameof(Cases))]
    public void Takes_a_closure(Func<IEnumerable<Parameter>, optim.Optimizer> own, Func<IEnumerable<Parameter>, optim.Optimizer> _,
        ScalarType type)
    {
        using var scope = NewDisposeScope();
        var parameters = Parameters(type);
        using var optimizer = own(parameters);
        using var before = parameters[1].detach().clone();
        var calls = 0;
        var loss = optimizer.step(() =>
        {
            calls++;
            var sum = parameters[1].sum();
            sum.backward();
            return sum;
        });
        Assert.That((calls, loss.numel()), Is.EqualTo((1, 1L)));
        Assert.That(parameters[1].equal(before).any().item<bool>(), Is.False);
    }

    static byte[][] State(optim.Optimizer optimizer)
    {
        var bag = new StateBag();
        OptimizerMemory.Save(optimizer, bag);
        return [.. Enumerable.Range(0, 3).Select(i => bag.GetTensor(i.ToString()).data<byte>().ToArray())];
    }
}
