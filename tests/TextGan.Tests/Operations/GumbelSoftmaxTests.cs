using TextGan.Operations.Cpu;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Operations;

public class GumbelSoftmaxTests
{
    const int Rows = 37;
    const long Seed = 123;

    static Tensor Alive(int rows = Rows) => ones([rows], @bool);

    /// <summary>By the loop, in both modes, or by tensor operations.</summary>
    static RelaxedDraw Draw(Tensor logits, Tensor alive, double τ, bool straightThrough, int? endId, long seed, int position,
        bool plain = false)
    {
        var texts = new RelaxedTexts((int)logits.shape[0], 9, τ, straightThrough, 0, endId) { Seed = seed };
        if (!plain) return GumbelSoftmaxFunction.Draw(texts, position, logits, alive);
        using var mode = OperationMode.Plain();
        return GumbelSoftmax.Draw(texts, position, logits, alive);
    }

    /// <summary>The noise of a draw, up to a constant a row: at logits 0 and temperature 1 the shown tokens are softmax(noise).</summary>
    static Tensor Noise(int vocabulary) =>
        Draw(zeros(Rows, vocabulary), Alive(), 1, false, null, Seed, 2).Shown.log();

    [Test]
    public void Equals_its_formula_in_value_and_gradient(
        [Values] bool straightThrough, [Values(7, 8, 1003)] int vocabulary, [Values(0.5, 1, 3)] double τ)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (own, other) = (randn(Rows, vocabulary).requires_grad_(), zeros(Rows, vocabulary).requires_grad_());
        using (no_grad()) other.copy_(own);
        var draw = Draw(own, Alive(), τ, straightThrough, null, Seed, 2);
        var perturbed = other + Noise(vocabulary);
        var soft = (perturbed / τ).softmax(1);
        Assert.That(draw.Tokens.equal(perturbed.argmax(1)).all().item<bool>(), Is.True);
        var expected = !straightThrough ? soft : nn.functional.one_hot(perturbed.argmax(1), vocabulary).to_type(float32);
        Assert.That((draw.Shown - expected).abs().max().item<float>(), Is.LessThan(5e-6));

        var incoming = randn(Rows, vocabulary);
        (draw.Shown * incoming).sum().backward();
        (soft * incoming).sum().backward();
        Assert.That((own.grad! - other.grad!).abs().max().item<float>(), Is.LessThan(1e-5));
        Assert.That(own.grad!.abs().max().item<float>(), Is.GreaterThan(1e-3));
    }

    [Test]
    public void A_text_that_has_ended_shows_the_end_without_a_gradient([Values] bool straightThrough, [Values] bool plain)
    {
        using var scope = NewDisposeScope();
        var logits = randn(4, 9).requires_grad_();
        var draw = Draw(logits, tensor(new[] { true, false, true, false }), 1, straightThrough, 5, Seed, 0, plain);
        (draw.Shown * randn(4, 9)).sum().backward();
        foreach (var row in new[] { 1, 3 })
        {
            Assert.That(draw.Tokens[row].item<long>(), Is.EqualTo(5));
            Assert.That(draw.Shown[row].data<float>().ToArray(), Is.EqualTo(new float[] { 0, 0, 0, 0, 0, 1, 0, 0, 0 }));
            Assert.That(draw.Alive[row].item<bool>(), Is.False);
            Assert.That(logits.grad![row].abs().max().item<float>(), Is.Zero);
        }
        Assert.That(logits.grad![0].abs().max().item<float>(), Is.GreaterThan(0));
    }

    [Test]
    public void A_text_ends_with_its_end_token([Values] bool plain)
    {
        using var scope = NewDisposeScope();
        var certain = full([2, 3], -100f);
        certain[0, 2] = 100f;
        certain[1, 1] = 100f;
        var draw = Draw(certain, Alive(2), 1, false, 2, Seed, 0, plain);
        Assert.That(draw.Alive.data<bool>().ToArray(), Is.EqualTo(new[] { false, true }));
    }

    /// <summary>
    /// The drawn tokens are exact samples of the model: 80,000 draws from 9 tokens, chi-square with 8 degrees of freedom; 26.1 is passed by
    /// 1 of 1,000.
    /// </summary>
    [TestCase(1, false)]
    [TestCase(77, false)]
    [TestCase(1, true)]
    public void Draws_from_the_softmax_of_the_logits(long seed, bool plain)
    {
        manual_seed(seed);
        using var scope = NewDisposeScope();
        const int draws = 80_000;
        var logits = tensor(new float[] { 0, 1, -1, 2, 0.5f, -2, -5, 1.5f, 0 });
        var tokens = Draw(logits.expand(draws, 9).contiguous(), Alive(draws), 0.3, false, null, seed, 0, plain).Tokens;
        var expected = logits.softmax(0) * draws;
        var counts = tokens.bincount(null, 9);
        Assert.That(((counts - expected).square() / expected).sum().item<float>(), Is.LessThan(26.1f));
    }

    /// <summary>Mean γ = 0.5772 and variance π²/6 = 1.6449 of a Gumbel number; differences of two are logistic, variance π²/3.</summary>
    [Test]
    public void The_noise_is_Gumbel()
    {
        using var scope = NewDisposeScope();
        const int rows = 2000, vocabulary = 1000;
        // log y is the noise less a constant of its row.
        var log = Draw(zeros(rows, vocabulary), Alive(rows), 1, false, null, Seed, 0).Shown.log().to_type(float64);
        var centred = log - log.mean([1], keepdim: true);
        Assert.That(centred.square().mean().item<double>(), Is.EqualTo(Math.PI * Math.PI / 6 * (1 - 1.0 / vocabulary)).Within(0.01));
        // Third moment about the mean: 2ζ(3) = 2.40411.
        Assert.That(centred.pow(3).mean().item<double>(), Is.EqualTo(2.404).Within(0.05));
        // Neighbours in a row, and the same place of neighbouring rows, are independent.
        Assert.That((centred.narrow(1, 0, vocabulary - 1) * centred.narrow(1, 1, vocabulary - 1)).mean().item<double>(),
            Is.Zero.Within(0.01));
        Assert.That((centred.narrow(0, 0, rows - 1) * centred.narrow(0, 1, rows - 1)).mean().item<double>(), Is.Zero.Within(0.01));
    }

    [Test]
    public void Other_seeds_and_positions_give_other_noise()
    {
        using var scope = NewDisposeScope();
        Tensor Shown(long seed, int position) => Draw(zeros(8, 64), Alive(8), 1, false, null, seed, position).Shown;
        Assert.That(Shown(1, 0).equal(Shown(1, 0)).all().item<bool>(), Is.True);
        Assert.That(Shown(1, 0).equal(Shown(1, 1)).any().item<bool>(), Is.False);
        Assert.That(Shown(1, 0).equal(Shown(2, 0)).any().item<bool>(), Is.False);
        Assert.That(Shown(1, 0).narrow(0, 0, 7).equal(Shown(1, 0).narrow(0, 1, 7)).any().item<bool>(), Is.False);
    }

    [Test]
    public void What_is_no_number_stays_none([Values] bool plain)
    {
        using var scope = NewDisposeScope();
        var logits = zeros(2, 20);
        logits[1, 3] = float.NaN;
        var shown = Draw(logits, Alive(2), 1, false, null, Seed, 0, plain).Shown;
        Assert.That(shown[0].isnan().any().item<bool>(), Is.False);
        Assert.That(shown[1].isnan().all().item<bool>(), Is.True);
    }

    /// <summary>Nodes of graphs that are gone keep nothing: eight steps of 40 MB of saved tensors each do not add up.</summary>
    [Test]
    public void Keeps_no_memory_after_the_gradient()
    {
        long Resident() => Environment.WorkingSet;
        void Step()
        {
            using var scope = NewDisposeScope();
            var logits = zeros(1000, 10_000).requires_grad_();
            Draw(logits, Alive(1000), 1, false, null, Seed, 0).Shown.square().sum().backward();
        }
        for (var i = 0; i < 3; i++) Step();
        var before = Resident();
        for (var i = 0; i < 8; i++) Step();
        Assert.That(Resident() - before, Is.LessThan(150L << 20));
    }
}
