using TextGan.Discriminators;
using TextGan.Discriminators.Losses;
using TextGan.Tokenization;
using TorchSharp;
using static TextGan.Tests.Discriminators.DiscriminatorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Discriminators;

/// <summary>What holds for discriminators of every kind.</summary>
public sealed class EveryDiscriminatorTests
{
    [TestCaseSource(typeof(DiscriminatorCases), nameof(All))]
    public void GivesFiniteLogitsForEveryText(string json)
    {
        using var scope = NewDisposeScope();
        var output = Build(json).call(Hard());
        var expected = json.Contains("per-step") || json.Contains("token") ? T : json.Contains("fullyConnected") ? 3
            : json.Contains("representations") ? 4 : 1;
        Assert.That(output.Logits.shape, Is.EqualTo(new long[] { 4, expected }));
        Assert.That(output.Logits.dtype, Is.EqualTo(float32));
        Assert.That(output.Logits.isfinite().all().item<bool>());
        Assert.That(output.Mask?.shape, expected == T ? Is.EqualTo(new long[] { 4, T }) : Is.Null);
        Assert.That(output.SequenceLogits().shape, Is.EqualTo(new long[] { 4 }));
    }

    [TestCaseSource(typeof(DiscriminatorCases), nameof(Learning))]
    public void ReadsOneHotTokensLikeIds(string json)
    {
        using var scope = NewDisposeScope();
        var model = Build(json);
        var gradients = new List<Tensor[]>();
        var logits = new List<Tensor>();
        foreach (var tokens in new[] { Hard(), OneHot() })
        {
            model.zero_grad();
            logits.Add(model.call(tokens).Logits);
            logits[^1].square().sum().backward();
            gradients.Add([.. model.parameters().Select(parameter => parameter.grad!.clone())]);
        }
        Assert.That(MaxDifference(logits[0], logits[1]), Is.LessThan(1e-6));
        foreach (var (fromIds, fromRelaxed) in gradients[0].Zip(gradients[1])) Assert.That(
            MaxDifference(fromIds, fromRelaxed), Is.LessThan(1e-6));
    }

    /// <summary>Rewards are given without gradients, losses with them.</summary>
    [TestCaseSource(typeof(DiscriminatorCases), nameof(Learning))]
    public void GradientsOnOrOffMakeNoDifference(string json)
    {
        using var scope = NewDisposeScope();
        using var model = Build(json);
        var with = model.call(Hard()).Logits;
        using (no_grad()) Assert.That(MaxDifference(model.call(Hard()).Logits, with), Is.LessThan(1e-5));
        foreach (var parameter in model.parameters()) parameter.requires_grad_(false);
        Assert.That(MaxDifference(model.call(Hard()).Logits, with), Is.LessThan(1e-5), "frozen, gradients on");
        using (no_grad()) Assert.That(MaxDifference(model.call(OneHot()).Logits, with), Is.LessThan(1e-5), "frozen, gradients off");
    }

    [TestCaseSource(typeof(DiscriminatorCases), nameof(Masked))]
    public void DoesNotReadWhatStandsAfterTheEnd(string json)
    {
        using var scope = NewDisposeScope();
        var model = Build(json);
        var (clean, other) = (Ids(), Ids());
        other[TensorIndex.Single(0), TensorIndex.Slice(1)] = tensor(new long[] { 4, 3, 1, 6, 2 });
        other[TensorIndex.Single(1), TensorIndex.Slice(2)] = tensor(new long[] { 6, 6, 0, 1 });
        other[TensorIndex.Single(2), TensorIndex.Slice(4)] = tensor(new long[] { 5, 5 });
        Assert.That(Values(model.call(Hard(other)).Logits), Is.EqualTo(Values(model.call(Hard(clean)).Logits)));

        var (cleanRelaxed, otherRelaxed) = (OneHot(clean, true), OneHot(other, true));
        Assert.That(Values(model.call(otherRelaxed).Logits), Is.EqualTo(Values(model.call(cleanRelaxed).Logits)));
        model.call(otherRelaxed).Logits.sum().backward();
        var reached = otherRelaxed.Relaxed!.grad!.abs().sum(2).gt(0).to_type(float32); // [B,T]
        Assert.That(Values(reached), Is.EqualTo(Values(otherRelaxed.Mask)), "the gradient reaches the text and nothing after its end");
    }

    [TestCaseSource(typeof(DiscriminatorCases), nameof(Learning))]
    public void GradientReachesEveryParameterAndRelaxedTokens(string json)
    {
        using var scope = NewDisposeScope();
        var model = Build(json);
        var tokens = OneHot(requiresGrad: true);
        model.call(tokens).Logits.square().sum().backward();
        foreach (var (name, parameter) in model.named_parameters())
        {
            Assert.That(parameter.requires_grad, name);
            Assert.That(parameter.grad?.abs().sum().item<float>() ?? 0, Is.GreaterThan(0), name);
        }
        Assert.That(tokens.Relaxed!.grad!.abs().sum().item<float>(), Is.GreaterThan(0));
    }

    [TestCaseSource(typeof(DiscriminatorCases), nameof(Learning))]
    public void DropsOutOnlyWhileItLearns(string json)
    {
        using var scope = NewDisposeScope();
        var model = Build(json);
        Assert.That(Values(model.call(Hard()).Logits), Is.EqualTo(Values(model.call(Hard()).Logits)));
        model.train();
        Assert.That(Values(model.call(Hard()).Logits), Is.Not.EqualTo(Values(model.call(Hard()).Logits)));
    }

    [TestCaseSource(typeof(DiscriminatorCases), nameof(Learning))]
    public void FollowsTheSeed(string json)
    {
        using var scope = NewDisposeScope();
        var (one, same, other) = (Build(json, 3), Build(json, 3), Build(json, 4));
        foreach (var (a, b) in one.parameters().Zip(same.parameters())) Assert.That(Values(a), Is.EqualTo(Values(b)));
        Assert.That(Values(one.call(Hard()).Logits), Is.Not.EqualTo(Values(other.call(Hard()).Logits)));
    }

    [TestCaseSource(typeof(DiscriminatorCases), nameof(All))]
    public void OutlivesTheScopeItWasBuiltIn(string json)
    {
        Discriminator model;
        using (NewDisposeScope()) model = Build(json);
        using (model)
        using (NewDisposeScope())
            Assert.That(model.call(Hard()).Logits.isfinite().all().item<bool>());
    }

    [TestCaseSource(typeof(DiscriminatorCases), nameof(All))]
    public void KeepsNoTensorAlive(string json)
    {
        using var model = Build(json);
        model.train();
        using var ids = Ids();
        var loss = new NonSaturatingLoss();
        long after10 = 0;
        for (var step = 0; step < 60; step++)
        {
            using (NewDisposeScope())
            {
                var (real, opposing) = (Hard(ids), OneHot(ids, true));
                var (mine, theirs) = (model.call(real), model.call(opposing));
                var total = loss.DiscriminatorLoss(mine, theirs) + loss.GeneratorLoss(theirs, null).mean();
                if (model.VocabularySize is not null) total += new WassersteinLoss().Penalty(model, real, opposing)!;
                if (total.requires_grad) total.backward();
                AdversarialLoss.Accuracy(mine, true, loss.Threshold(mine, theirs));
                model.zero_grad();
            }
            if (step == 10) after10 = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }
        Assert.That(DisposeScopeManager.Statistics.ThreadTotalLiveCount, Is.EqualTo(after10));
    }

    /// <summary>Real texts use tokens 2 to 4, opposing ones 4 to 6; both end anywhere.</summary>
    [TestCaseSource(typeof(DiscriminatorCases), nameof(Learning))]
    public void LearnsToTellTwoSetsApart(string json)
    {
        using var scope = NewDisposeScope();
        using var model = Build(json);
        model.train();
        using var adam = optim.Adam(model.parameters(), 0.02);
        var loss = new NonSaturatingLoss();
        for (var step = 0; step < 60; step++)
        {
            using var inner = NewDisposeScope();
            var value = loss.DiscriminatorLoss(model.call(Texts(2)), model.call(Texts(4)));
            adam.zero_grad();
            value.backward();
            adam.step();
        }
        model.eval();
        var (real, opposing) = (model.call(Texts(2)), model.call(Texts(4)));
        var threshold = loss.Threshold(real, opposing);
        Assert.That(loss.DiscriminatorLoss(real, opposing).item<float>(), Is.LessThan(0.35), "ln 2 = 0.69 is chance");
        Assert.That(AdversarialLoss.Accuracy(real, true, threshold).item<float>(), Is.GreaterThan(0.85));
        Assert.That(AdversarialLoss.Accuracy(opposing, false, threshold).item<float>(), Is.GreaterThan(0.85));
    }

    static TextBatch Texts(int lowest)
    {
        var ids = randint(lowest, lowest + 3, [64, T], dtype: int64);
        var length = randint(3, T + 1, [64, 1], dtype: int64);
        return Hard(where(arange(T).unsqueeze(0).lt(length), ids, tensor((long)EndId)));
    }

    [Test]
    public void RefusesAGradientPenaltyOnHardTokens()
    {
        var options = new HardOptions { Name = "rule", Loss = new WassersteinLossOptions() };
        Assert.That(options.Validate("$.discriminators[0]").Select(problem => problem.ToString()), Is.EqualTo(new[]
        {
            "$.discriminators[0].loss: a gradient penalty differentiates the discriminator in its input, but this kind reads token ids " +
            "only; set 'gradientPenalty' to 0 or take another loss.",
        }));
        Assert.That((options with { Loss = new WassersteinLossOptions { GradientPenalty = 0 } }).Validate("$"), Is.Empty);
    }

    sealed record HardOptions : DiscriminatorOptions
    {
        public override bool NeedsHardTokens => true;
        public override Discriminator Build(DiscriminatorContext context) => throw new NotSupportedException();
    }
}
