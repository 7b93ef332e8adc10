using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Operations;

public sealed class ModelPrecisionTests
{
    /// <summary>Bfloat16 has 7 bits of fraction, so it rounds 1 + 2⁻⁹ to 1.</summary>
    const float BetweenNumbers = 1 + 1f / 512;

    [TestCase(Precision.Float32, BetweenNumbers)]
    [TestCase(Precision.Tf32, BetweenNumbers)]
    [TestCase(Precision.Bfloat16, 1f)]
    public void Products_round_what_they_read_in_bfloat16_alone(Precision precision, float expected)
    {
        using var scope = NewDisposeScope();
        using var _ = ModelPrecision.Use(precision);
        var (x, one) = (full([1, 1], BetweenNumbers), ones(1, 1));
        var layer = nn.Linear(1, 1);
        using (no_grad()) layer.weight!.fill_(BetweenNumbers);
        using (no_grad()) layer.bias!.fill_(BetweenNumbers);
        Assert.That(Products.Of(x, one).item<float>(), Is.EqualTo(expected));
        Assert.That(Products.Of(one, x).item<float>(), Is.EqualTo(expected));
        Assert.That(Products.Of(one, x, null).item<float>(), Is.EqualTo(expected));
        // Biases are not rounded.
        Assert.That(Products.Of(layer, one).item<float>(), Is.EqualTo(expected + BetweenNumbers));
        Assert.That(Products.Of(layer, Products.Operand(one)).dtype, Is.EqualTo(ScalarType.Float32));
        Assert.That(Products.Operand(x).dtype, Is.EqualTo(precision == Precision.Bfloat16 ? ScalarType.BFloat16 : ScalarType.Float32));
    }

    [Test]
    public void Gradients_of_many_products_are_added_up_in_float32()
    {
        using var scope = NewDisposeScope();
        using var _ = ModelPrecision.Use(Precision.Bfloat16);
        var (weight, one) = (ones([1, 1], requires_grad: true), ones(1, 1));
        // Each has the gradient 1; in bfloat16 a sum would stay at 256.
        stack([.. Enumerable.Range(0, 300).Select(i => Products.Of(one, weight, null))]).sum().backward();
        Assert.That(weight.grad!.item<float>(), Is.EqualTo(300));
    }

    [TestCase(Precision.Float32, false)]
    [TestCase(Precision.Tf32, true)]
    [TestCase(Precision.Bfloat16, true)]
    public void The_switches_for_TF32_are_set_and_set_back(Precision precision, bool allowed)
    {
        (bool, bool, bool) Now() =>
            (ModelPrecision.IsBfloat16, backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32);
        var before = Now();
        using (ModelPrecision.Use(Precision.Tf32))
        {
            using (ModelPrecision.Use(precision)) Assert.That(Now(), Is.EqualTo((precision == Precision.Bfloat16, allowed, allowed)));
            Assert.That(Now(), Is.EqualTo((false, true, true)));
        }
        Assert.That(Now(), Is.EqualTo(before));
    }

    [TestCase(Precision.Auto, "cpu", Precision.Float32)]
    [TestCase(Precision.Tf32, "cpu", Precision.Float32)]
    [TestCase(Precision.Bfloat16, "cpu", Precision.Bfloat16)]
    [TestCase(Precision.Auto, "cpu cuda:1", Precision.Tf32)]
    [TestCase(Precision.Tf32, "cuda:0", Precision.Tf32)]
    [TestCase(Precision.Float32, "cuda:0", Precision.Float32)]
    public void What_a_precision_means_depends_on_the_devices(Precision asked, string devices, Precision expected) =>
        Assert.That(ModelPrecision.On(devices.Split(' ').Select(name => new Device(name)), asked), Is.EqualTo(expected));

    [Test]
    public void Only_a_precision_can_be_set() => Assert.That(() => ModelPrecision.Use(Precision.Auto), Throws.ArgumentException);

    [Test]
    public void Kept_copies_are_made_once_and_live_as_long_as_they_are_kept()
    {
        using var scope = NewDisposeScope();
        using var _ = ModelPrecision.Use(Precision.Bfloat16);
        using var off = no_grad();
        var embedding = nn.Embedding(2, 2); // hands out a new object for its weight each time
        Tensor copy;
        using (RoundedWeights.Keep())
        {
            copy = RoundedWeights.Of(embedding.weight!);
            Assert.That(RoundedWeights.Keep(), Is.Null, "are being kept already");
            Assert.That(RoundedWeights.Of(embedding.weight!), Is.SameAs(copy));
            Assert.That(RoundedWeights.Of(embedding.weight! * 1), Is.Not.SameAs(copy), "no weight");
            using (enable_grad()) Assert.That(RoundedWeights.Of(embedding.weight!).requires_grad);
        }
        Assert.That(copy.IsInvalid);
        Assert.That(RoundedWeights.Of(embedding.weight!), Is.Not.SameAs(copy));
    }
}
