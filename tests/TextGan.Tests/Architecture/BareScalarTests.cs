using TextGan.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Architecture;

/// <summary>No compiled code gives a tensor operation a number that a garbage collection may free inside the call.</summary>
public class BareScalarTests
{
    static readonly BareScalars Finder = new();

    /// <summary>Places that stay as they are: benchmarks that time TorchSharp's own optimiser, whose results nobody uses.</summary>
    static readonly string[] Allowed =
    [
        .. ((string[])["Kernels.AdamStep.Make", "Paths.PlainDiscriminatorStep..ctor", "Paths.PlainGumbelStep..ctor",
            "Paths.PlainLikelihoodStep..ctor", "Paths.PlainRolloutStep..ctor"])
            .Select(place => $"TextGan.Benchmarks.{place}: Adam.step(Func`1)"),
    ];

    static string OutputOf(string project)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory); // bin/CONFIGURATION/net10.0
        return Path.Combine(Repository.Root, project, "bin", own.Parent!.Name, own.Name);
    }

    static string[] Assemblies() =>
    [
        typeof(HeldScalars).Assembly.Location,
        typeof(TextGan.Problems.Problem).Assembly.Location,
        typeof(TextGan.Cli.Application).Assembly.Location,
        Path.Combine(OutputOf("tests/TextGan.Benchmarks"), "TextGan.Benchmarks.dll"),
        Path.Combine(Repository.Root, "experiments", "custom-discriminator", "bin", "CustomDiscriminator.dll"),
        Path.Combine(Repository.Root, "tests", "TextGan.Tests.Plugin", "bin", "TextGan.Tests.Plugin.dll"),
    ];

    [Test]
    public void All_numbers_are_held()
    {
        var found = Assemblies().SelectMany(Finder.In).ToArray();
        Assert.That(found.Except(Allowed), Is.Empty, "TextGan.Native.HeldScalars has a form whose numbers live until the call is over");
        Assert.That(Allowed.Except(found), Is.Empty, "these need no permission");
    }

    static readonly string[] Bare =
    [
        "Condition: Tensor.add(Tensor)", "Constant: Scalar.op_Implicit(Double)", "Factor: Tensor.op_Multiply(Tensor, Double)",
            "Layer: Softplus.forward(Tensor)", "Number: Scalar.op_Implicit(Int64)", "Optimizer: Adagrad.step(Func`1)",
        "Range: Scalar.op_Implicit(Int32)", "Range: torch.arange(Scalar, Nullable`1, Device, Boolean)", "Square: Tensor.square()",
            "Step: SGD.step(Func`1)", "Sum: Tensor.op_Addition(Tensor, Tensor)",
    ];

    [Test]
    public void Bare_ones_are_found()
    {
        var name = $"{typeof(BareScalarTests).FullName}.{nameof(Examples)}";
        var found = Finder.In(typeof(BareScalarTests).Assembly.Location).Where(place => place.StartsWith(name, StringComparison.Ordinal))
            .Select(place => place[(name.Length + 1)..]);
        Assert.That(found, Is.EquivalentTo(Bare));
    }

    /// <summary>One kind of each; never called.</summary>
    static class Examples
    {
        public static Tensor Factor(Tensor x) => x * 0.5;

        public static Tensor Constant(Tensor x) => x.clamp_min(0.5);

        public static Scalar Number(long x) => x;

        public static Tensor Sum(Tensor x) => x + x;

        public static Tensor Condition(Tensor x) => new[] { x }.Select(y => y).Aggregate(x, (a, b) => a.add(b));

        public static Tensor Square(Tensor x) => x.square();

        public static Tensor Range() => arange(3);

        public static nn.Module Layer() => nn.Softplus();

        public static optim.Optimizer Step(nn.Module module) => optim.SGD(module.parameters(), 0.1);

        public sealed class Optimizer(nn.Module module) : TorchSharp.Modules.Adagrad(module.parameters());

        public static Tensor Held(Tensor x) => (x * HeldScalars.Held(2) - x / HeldScalars.Held(0.5)).Plus(x).Plus(1).Softplus();
    }
}
