using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Operations;

public sealed class BackwardPassTests
{
    /// <summary>x, whose gradient cannot be had.</summary>
    sealed class Failing : GuardedFunction<Failing>
    {
        public override string Name => nameof(Failing);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]).clone();

        protected override List<Tensor> Gradients(autograd.AutogradContext ctx, Tensor grad_output) =>
            throw new NotSupportedException("No gradient today.");
    }

    /// <summary>The exception itself, and nothing is left of it for the next pass; without the guard the process would end here.</summary>
    [Test]
    public void What_a_function_throws_reaches_the_caller()
    {
        using var scope = NewDisposeScope();
        var x = ones([3], requires_grad: true);
        // More than one function fails, and what comes before them gets no gradient.
        Tensor Sum() => Failing.apply(Failing.apply(x * x, "no tensor")).sum() + Failing.apply(x).sum();
        Assert.That(() => BackwardPass.Run(Sum()), Throws.TypeOf<NotSupportedException>().With.Message.EqualTo("No gradient today."));
        Assert.That(() => BackwardPass.Gradients(Sum(), [x]),
            Throws.TypeOf<NotSupportedException>().With.Message.EqualTo("No gradient today."));
        Assert.That(BackwardPass.Gradients((x * x).sum(), [x])[0]!.data<float>().ToArray(), Is.EqualTo(new float[] { 2, 2, 2 }));
        x.grad = null;
        BackwardPass.Run((x * x).sum());
        Assert.That(x.grad!.data<float>().ToArray(), Is.EqualTo(new float[] { 2, 2, 2 }));
    }

    /// <summary>A function that is recomputed in the backward pass calls others', which may fail there.</summary>
    [Test]
    public void A_function_within_another_may_throw()
    {
        using var scope = NewDisposeScope();
        var (x, weight) = (ones([3], requires_grad: true), ones([3], requires_grad: true));
        var y = Recomputed.Of(input => Failing.apply(input * weight), x, [weight]);
        Assert.That(() => BackwardPass.Run(y.sum()), Throws.TypeOf<NotSupportedException>().With.Message.EqualTo("No gradient today."));
    }

    [Test]
    public void What_LibTorch_complains_of_stays_as_it_is()
    {
        using var scope = NewDisposeScope();
        Assert.That(() => BackwardPass.Run(ones([3]).sum()), Throws.TypeOf<System.Runtime.InteropServices.ExternalException>());
        var (x, other) = (ones([3], requires_grad: true), ones([3], requires_grad: true));
        Assert.That(BackwardPass.Gradients(x.sum(), [other]), Is.EqualTo(new Tensor?[] { null }));
    }
}
