using TextGan.Optimizers;
using TextGan.Storage;
using TextGan.Training;
using TorchSharp;
using TorchSharp.Modules;
using OptimizerOptions = TextGan.Optimizers.OptimizerOptions;
using static TorchSharp.torch;

namespace TextGan.Tests.Operations;

public sealed class AdjacentTensorsTests
{
    static readonly long[][] Shapes = [[3], [7, 5], [16, 4], [2, 2, 2], [40]];

    IDisposable mode = null!;
    DisposeScope scope = null!;

    /// <summary>As on an accelerator: the loops over main memory have no use for it.</summary>
    [SetUp]
    public void Choose() => (mode, scope) = (OperationMode.Plain(), NewDisposeScope());

    [TearDown]
    public void Restore()
    {
        scope.Dispose();
        mode.Dispose();
    }

    static Parameter[] Parameters()
    {
        manual_seed(4);
        return [.. Shapes.Select(shape => nn.Parameter(randn(shape)))];
    }

    static Tensor[][] Rows(IEnumerable<Tensor> tensors) => [.. tensors.Select(tensor => new[] { tensor })];

    static long[] Sizes(IEnumerable<Tensor> tensors) => [.. AdjacentTensors.Join(Rows(tensors)).Select(row => row[0].numel())];

    static void SetGradients(IReadOnlyList<Parameter> parameters, int step)
    {
        manual_seed(100 + step);
        foreach (var parameter in parameters) parameter.grad = randn(parameter.shape);
    }

    static void AssertEqual(IEnumerable<Tensor> found, IEnumerable<Tensor> expected, double tolerance = 0)
    {
        foreach (var (one, other) in found.Zip(expected))
        {
            Assert.That(one.shape, Is.EqualTo(other.shape));
            Assert.That((one - other).abs().max().item<float>(), Is.LessThanOrEqualTo(tolerance));
        }
    }

    [Test]
    public void Packed_parameters_keep_their_values_and_share_memory()
    {
        var (packed, before) = (Parameters(), Parameters());
        Assert.That(Sizes(packed), Has.Length.EqualTo(5));
        AdjacentTensors.Pack(packed);
        Assert.That(Sizes(packed), Is.EqualTo(new[] { 3L + 35 + 64 + 8 + 40 }));
        AssertEqual(packed, before);
        Assert.That(packed.All(parameter => parameter.is_leaf && parameter.requires_grad));

        using (no_grad()) AdjacentTensors.Join(Rows(packed)).Single()[0].fill_(2);
        Assert.That(packed.All(parameter => parameter.eq(2).all().item<bool>()), "the whole is the parts");
        (packed[1].sum() * packed[3].sum()).backward();
        Assert.That(packed[1].grad!.eq(16).all().item<bool>(), "the sum of eight numbers that are 2");
    }

    /// <summary>64 numbers fill blocks of memory, 40 and 8 the smaller ones; behind 3 or 35 a product would be slower.</summary>
    [Test]
    public void Tensors_that_fill_blocks_come_first()
    {
        var packed = Parameters();
        AdjacentTensors.Pack(packed);
        Assert.That(packed.Select(parameter => parameter.storage_offset()), Is.EqualTo(new long[] { 112, 115, 0, 64, 72 }));
    }

    /// <summary>A layer whose weights fill a piece of memory, in an order that somebody else needs.</summary>
    [Test]
    public void What_lies_together_stays()
    {
        var memory = randn(10);
        Parameter[] layer = [nn.Parameter(zeros(4)), nn.Parameter(zeros(6))];
        using (no_grad())
        {
            layer[0].set_(memory.narrow(0, 6, 4));
            layer[1].set_(memory.narrow(0, 0, 6));
        }
        Parameter[] all = [.. layer, .. Parameters()];
        AdjacentTensors.Pack(all);
        Assert.That(Sizes(all), Is.EqualTo(new[] { 10L, 150 }));
        Assert.That(layer[0].storage_offset(), Is.EqualTo(6));
        AssertEqual([AdjacentTensors.Join(Rows(layer)).Single()[0]], [memory]);

        AdjacentTensors.Pack([layer[0], .. Parameters()[..1]]);
        Assert.That(Sizes([layer[0]]), Is.EqualTo(new[] { 4L }));
        AssertEqual([layer[0], layer[1]], [memory.narrow(0, 6, 4), memory.narrow(0, 0, 6)]);
    }

    [Test]
    public void A_step_is_one_operation_for_all_parameters_with_gradients()
    {
        var all = Parameters();
        using var optimizer = new AdamOptions { LearningRate = 0.01 }.Build(new OptimizerContext(all));
        SetGradients(all, 0);
        GradientNorm.Clip(all, 0);
        Assert.That(Sizes(all.Select(parameter => parameter.grad!)), Is.EqualTo(new[] { 150L }));

        SetGradients(all, 0);
        all[0].grad = null; // lies between two others: 64, 8, 40 | 3 | 35
        GradientNorm.Clip(all, 0);
        Assert.That(Sizes(all.Select(parameter => parameter.grad).OfType<Tensor>()), Is.EquivalentTo(new[] { 112L, 35 }));
    }

    static readonly OptimizerOptions[] Kinds =
    [
        new AdamOptions { LearningRate = 0.01 }, new AdamOptions { LearningRate = 0.01, WeightDecay = 0.1, Beta1 = 0.5 },
        new SgdOptions { LearningRate = 0.03 }, new SgdOptions { LearningRate = 0.03, Momentum = 0.9 },
        new RmsPropOptions { LearningRate = 0.01 },
    ];

    /// <summary>
    /// The same steps by TorchSharp's rules on scattered memory, among them one in which a parameter has no gradient, one whose gradients
    /// nobody put together, and those after the state has been stored and read.
    /// </summary>
    [TestCaseSource(nameof(Kinds))]
    public void Steps_are_those_of_single_tensors(OptimizerOptions options)
    {
        var (all, single) = (Parameters(), Parameters());
        var optimizer = options.Build(new OptimizerContext(all));
        optim.Optimizer[] each = [.. single.Select(parameter => options.Build(new OptimizerContext([parameter])))];
        for (var step = 0; step < 6; step++)
        {
            foreach (var parameters in new[] { all, single })
            {
                SetGradients(parameters, step);
                if (step == 2) parameters[2].grad = null;
            }
            if (step == 3)
            {
                var bag = new StateBag();
                OptimizerMemory.Save(optimizer, bag);
                optimizer.Dispose();
                optimizer = options.Build(new OptimizerContext(all));
                OptimizerMemory.Load(optimizer, bag);
            }
            var norm = Math.Sqrt(single.Where(parameter => parameter.grad is not null)
                .Sum(parameter => parameter.grad!.pow(2).sum().item<float>()));
            if (step != 4) Assert.That(GradientNorm.Clip(all, 1).item<float>(), Is.EqualTo(norm).Within(1e-5 * norm));
            foreach (var gradient in single.Select(parameter => parameter.grad).OfType<Tensor>())
                if (step != 4) gradient.mul_(1 / norm);
            optimizer.step();
            foreach (var one in each) one.step();
            AssertEqual(all, single, 1e-6);
        }
        using var start = Parameters()[2];
        Assert.That((all[2] - start).abs().max().item<float>(), Is.GreaterThan(1e-3), "nothing moved");
        foreach (var one in each.Append(optimizer)) one.Dispose();
    }

    /// <summary>Another optimiser may lay some of the parameters out anew: the first then takes more operations, not wrong steps.</summary>
    [Test]
    public void Parameters_that_have_moved_away_still_learn()
    {
        var (all, single) = (Parameters(), Parameters());
        using var optimizer = new AdamOptions { LearningRate = 0.01 }.Build(new OptimizerContext(all));
        using var other = new SgdOptions().Build(new OptimizerContext(all[1..3]));
        optim.Optimizer[] each = [.. single.Select(
            parameter => new AdamOptions { LearningRate = 0.01 }.Build(new OptimizerContext([parameter])))];
        for (var step = 0; step < 3; step++)
        {
            foreach (var parameters in new[] { all, single }) SetGradients(parameters, step);
            GradientNorm.Clip(all, 0);
            optimizer.step();
            foreach (var one in each) one.step();
            AssertEqual(all, single, 1e-6);
        }
        foreach (var one in each) one.Dispose();
    }
}
