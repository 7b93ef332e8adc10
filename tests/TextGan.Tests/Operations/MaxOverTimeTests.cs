using TextGan.Tests.Discriminators;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Operations;

/// <summary>The loop of this library's own against the same by tensor operations.</summary>
public sealed class MaxOverTimeTests
{
    /// <summary>Texts, and the convolutions over them.</summary>
    sealed record Case(int[] Widths, Tensor Texts, Tensor[] Parameters)
    {
        /// <summary>Seeded: the same numbers each time.</summary>
        public static Case Of(int texts, int length, int size, int[] widths, int[] filters)
        {
            manual_seed(1);
            var parameters = widths.Zip(filters).SelectMany(
                pair => new[] { randn(pair.Second, pair.First * size) / Math.Sqrt(pair.First * size), randn(pair.Second) });
            return new Case(widths, randn(texts, length, size).requires_grad_(),
                [.. parameters.Select(parameter => parameter.detach().requires_grad_())]);
        }

        public Tensor Answers => MaxOverTime.Of(Texts, Widths, Parameters);

        public Tensor Plain => MaxOverTime.ByTensors(Texts, Widths, Parameters);

        /// <summary>The gradients of everything, answer by answer in another measure and every third not at all.</summary>
        public Tensor[] Gradients(Tensor answers) => [.. autograd.grad([answers], [Texts, .. Parameters], [Shares(answers)])];

        static Tensor Shares(Tensor answers)
        {
            var number = arange(answers.numel()).view(answers.shape);
            return (number * 0.7).sin() * number.remainder(3).ne(0);
        }
    }

    [TestCase(1, 6, 8, new[] { 1, 2, 6 }, new[] { 5, 64, 65 })]
    [TestCase(3, 5, 7, new[] { 5 }, new[] { 130 })]
    [TestCase(5, 20, 64, new[] { 1, 2, 20 }, new[] { 100, 200, 160 })]
    [TestCase(2, 3, 1, new[] { 1, 3 }, new[] { 1, 2 })]
    [TestCase(300, 7, 17, new[] { 2, 3 }, new[] { 66, 3 })]
    public void EqualTheTensorOperations(int texts, int length, int size, int[] widths, int[] filters)
    {
        using var scope = NewDisposeScope();
        var @case = Case.Of(texts, length, size, widths, filters);
        var (fast, plain) = (@case.Answers, @case.Plain);
        Assert.That(fast.shape, Is.EqualTo(new long[] { texts, filters.Sum() }));
        Assert.That(DiscriminatorCases.MaxDifference(fast, plain), Is.LessThan(1e-5));
        foreach (var (one, other) in @case.Gradients(fast).Zip(@case.Gradients(plain)))
        {
            Assert.That(one.shape, Is.EqualTo(other.shape));
            Assert.That(DiscriminatorCases.MaxDifference(one, other) / other.abs().max().item<float>(), Is.LessThan(1e-4));
        }
    }

    /// <summary>
    /// Of two words, so that neighbours begin alike for any number of positions and are often wholly alike; and the same texts in another
    /// order, in which each has other neighbours, to the bit.
    /// </summary>
    [TestCase(600, 5, new[] { 1, 2, 5 })]
    [TestCase(270, 12, new[] { 1, 3, 12 })]
    public void AreTheSameForTextsThatBeginAlike(int texts, int length, int[] widths)
    {
        using var scope = NewDisposeScope();
        var @case = Case.Of(texts, length, 6, widths, [.. widths.Select(_ => 67)]);
        var ids = randint(0, 2, [texts, length], int64);
        ids.narrow(0, 100, 16).copy_(ids[100].expand(16, length));
        ids.narrow(0, 100, 16).narrow(1, 3, length - 3).copy_(randint(0, 2, [16, length - 3], int64));
        var alike = randn(2, 6).index_select(0, ids.flatten()).view(texts, length, 6);
        var order = arange(texts).view(2, texts / 2).t().flatten(); // from the first half and the second in turn
        var fast = (@case with { Texts = alike }).Answers;
        Assert.That(DiscriminatorCases.MaxDifference(fast, (@case with { Texts = alike }).Plain), Is.LessThan(1e-5));
        var apart = (@case with { Texts = alike.index_select(0, order) }).Answers;
        Assert.That(apart.equal(fast.index_select(0, order)).all().item<bool>(), Is.True);
    }

    /// <summary>The answer comes from the first of equal windows, whether a text is the first of those that begin alike or not.</summary>
    [Test]
    public void ComeFromTheSamePlacesForTextsThatBeginAlike()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        const int texts = 270, length = 9, size = 5; // more than a thread takes at once
        var ids = randint(0, 2, [texts, length], int64);
        var table = randn(2, size);
        Tensor[] parameters = [randn(70, 2 * size), randn(70), randn(3, 4 * size), randn(3)];
        var all = table.index_select(0, ids.flatten()).view(texts, length, size).requires_grad_();
        MaxOverTime.Of(all, [2, 4], parameters).sum().backward();
        for (var text = 0; text < texts; text++)
        {
            var alone = all.detach().narrow(0, text, 1).clone().requires_grad_();
            MaxOverTime.Of(alone, [2, 4], parameters).sum().backward();
            Assert.That(all.grad!.narrow(0, text, 1).equal(alone.grad!).all().item<bool>(), Is.True, $"text {text}");
        }
    }

    [Test]
    public void DoNotDependOnTheThreads()
    {
        if (OperationMode.TensorsOnly || !TextGan.Operations.Cpu.Processor.HasMiddleVectors)
            Assert.Ignore("LibTorch's products depend on them.");
        using var scope = NewDisposeScope();
        var @case = Case.Of(70, 20, 33, [1, 3, 20], [100, 70, 30]);
        var threads = get_num_threads();
        try
        {
            List<float[]> found = [];
            foreach (var count in new[] { 1, 2, 5 })
            {
                set_num_threads(count);
                var answers = @case.Answers;
                found.Add([.. new[] { answers }.Concat(@case.Gradients(answers)).SelectMany(DiscriminatorCases.Values)]);
            }
            Assert.That(found[1], Is.EqualTo(found[0]));
            Assert.That(found[2], Is.EqualTo(found[0]));
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    /// <summary>
    /// In doubles, by the tensor operations: the function is linear in each number away from its bends, so central differences are good.
    /// </summary>
    [Test]
    public void HaveTheGradientOfFiniteDifferences()
    {
        using var scope = NewDisposeScope();
        var @case = Case.Of(2, 4, 3, [1, 2, 4], [3, 2, 2]);
        Tensor[] inputs = [@case.Texts, .. @case.Parameters];
        var shares = linspace(-1, 2, 14, float64).view(2, 7);
        var gradients = autograd.grad([@case.Answers], inputs, [shares.to_type(float32)]);
        using var _ = no_grad();
        const double Step = 1e-5;
        for (var i = 0; i < inputs.Length; i++)
            for (var at = 0; at < inputs[i].numel(); at++)
                Assert.That(gradients[i].view(-1)[at].item<float>(),
                    Is.EqualTo((Value(i, at, Step) - Value(i, at, -Step)) / (2 * Step)).Within(1e-5), $"number {at} of input {i}");

        double Value(int input, int at, double move)
        {
            Tensor[] moved = [.. inputs.Select(one => one.detach().to_type(float64))];
            moved[input].view(-1)[at] += move;
            return (MaxOverTime.Of(moved[0], @case.Widths, moved[1..]) * shares).sum().item<double>();
        }
    }

    /// <summary>One token over and over: all answers of a filter are equal, and the first place takes the gradient.</summary>
    [Test]
    public void OfEqualAnswersTheFirstCounts()
    {
        using var scope = NewDisposeScope();
        var @case = Case.Of(2, 9, 8, [1, 3], [70, 5]);
        @case = @case with { Texts = ones(2, 9, 8).requires_grad_() };
        var (fast, plain) = (@case.Gradients(@case.Answers), @case.Gradients(@case.Plain));
        Assert.That(DiscriminatorCases.MaxDifference(fast[0], plain[0]), Is.LessThan(1e-5));
        Assert.That(DiscriminatorCases.Values(fast[0][.., 3..]), Is.All.Zero);
        Assert.That(fast[0][.., 0].abs().sum().item<float>(), Is.GreaterThan(0));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(4)]
    public void WhatIsNoNumberStays(int place)
    {
        using var scope = NewDisposeScope();
        var @case = Case.Of(3, 5, 4, [1, 2], [7, 66]);
        var good = @case.Answers;
        using (no_grad()) @case.Texts[1, place, 2] = float.NaN;
        var answers = @case.Answers;
        Assert.That(answers[1].isnan().all().item<bool>());
        Assert.That(DiscriminatorCases.Values(answers[0]), Is.EqualTo(DiscriminatorCases.Values(good[0])));
        Assert.That(DiscriminatorCases.Values(answers[2]), Is.EqualTo(DiscriminatorCases.Values(good[2])));
        Assert.That(autograd.grad([answers.sum()], [@case.Texts])[0][1, 0].abs().sum().item<float>() > 0, Is.EqualTo(place <= 1),
            "the first place that is NaN takes the gradient");
    }

    [Test]
    public void MayBeMinusInfinity()
    {
        using var scope = NewDisposeScope();
        var @case = Case.Of(2, 3, 2, [1], [3]);
        using (no_grad()) @case.Parameters[1].fill_(float.NegativeInfinity);
        Assert.That(DiscriminatorCases.Values(@case.Answers), Is.All.EqualTo(float.NegativeInfinity));
        var first = autograd.grad([@case.Answers.sum()], [@case.Texts])[0];
        Assert.That(DiscriminatorCases.Values(first[.., 1..]), Is.All.Zero);
    }

    /// <summary>What a gradient penalty does: the derivative of a gradient's square.</summary>
    [Test]
    public void CanBeDifferentiatedTwice()
    {
        using var scope = NewDisposeScope();
        var @case = Case.Of(3, 6, 5, [1, 3], [4, 6]);
        Tensor[] inputs = [@case.Texts, .. @case.Parameters];
        var (fast, plain) = (Twice(@case.Answers), Twice(@case.Plain));
        foreach (var (one, other) in fast.Zip(plain)) Assert.That(
            DiscriminatorCases.MaxDifference(one, other), Is.LessThan(1e-4 * Math.Max(1, other.abs().max().item<float>())));
        Assert.That(fast[1].abs().sum().item<float>(), Is.GreaterThan(0));

        Tensor[] Twice(Tensor answers)
        {
            var once = autograd.grad([answers.square().sum()], [@case.Texts], retain_graph: true, create_graph: true)[0];
            return [.. autograd.grad([once.square().sum()], inputs)];
        }
    }

    [Test]
    public void NothingFrozenGetsAGradient()
    {
        using var scope = NewDisposeScope();
        var @case = Case.Of(3, 6, 5, [1, 3], [4, 6]);
        foreach (var parameter in @case.Parameters) parameter.requires_grad_(false);
        @case.Answers.sum().backward();
        Assert.That(@case.Texts.grad, Is.Not.Null);
        Assert.That(@case.Parameters.Select(parameter => parameter.grad), Is.All.Null);

        @case.Texts.requires_grad_(false);
        @case.Texts.grad = null;
        @case.Parameters[2].requires_grad_(true);
        var expected = autograd.grad([@case.Plain.sum()], [@case.Parameters[2]])[0];
        @case.Answers.sum().backward();
        Assert.That(@case.Texts.grad, Is.Null);
        Assert.That(DiscriminatorCases.MaxDifference(@case.Parameters[2].grad!, expected), Is.LessThan(1e-5));
        Assert.That(@case.Parameters[3].grad, Is.Null);
    }

    [Test]
    public void BuildNoGraphWithoutNeed()
    {
        using var scope = NewDisposeScope();
        var @case = Case.Of(3, 6, 5, [1, 3], [4, 6]);
        using (no_grad()) Assert.That(@case.Answers.requires_grad, Is.False);
        foreach (var tensor in new[] { @case.Texts }.Concat(@case.Parameters)) tensor.requires_grad_(false);
        Assert.That(@case.Answers.requires_grad, Is.False);
    }

    [Test]
    public void TextsMayLieInAnyOrder()
    {
        using var scope = NewDisposeScope();
        var @case = Case.Of(4, 6, 5, [1, 3], [4, 6]);
        var turned = @case with { Texts = @case.Texts.detach().transpose(1, 2).contiguous().transpose(1, 2).requires_grad_() };
        Assert.That(DiscriminatorCases.Values(turned.Answers), Is.EqualTo(DiscriminatorCases.Values(@case.Answers)));
        foreach (var (one, other) in turned.Gradients(turned.Answers).Zip(@case.Gradients(@case.Answers)))
            Assert.That(DiscriminatorCases.Values(one), Is.EqualTo(DiscriminatorCases.Values(other)));
    }
}
