using TextGan.Metrics;
using TextGan.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Metrics;

public class ModelNllMetricTests
{
    // p(next | last); row: last token. 0 is start and end.
    static readonly double[,] Probabilities = { { .5, .25, .25 }, { .1, .6, .3 }, { .2, .2, .6 } };

    static float[,] Logits()
    {
        var logits = new float[3, 3];
        for (var i = 0; i < 3; i++)
            for (var j = 0; j < 3; j++) logits[i, j] = (float)Math.Log(Probabilities[i, j]);
        return logits;
    }

    [Test]
    public void Value_by_hand_with_ends_counted_once_and_prompts_read()
    {
        using var scope = NewDisposeScope();
        using var model = new BigramGenerator(Logits());
        // Texts: "1 2 end" after no prompt; "2" cut, after the prompt "1 1".
        var written = new TextBatch(tensor(new long[,] { { 1, 2, 0 }, { 1, 1, 2 } }), 0, promptLengths: tensor(new long[] { 0, 2 }));
        var values = new ModelNllMetric("", 0, null, 64).Evaluate(
            new EvaluationContext(null!, ["", ""], [[], []]) { Batch = written, Reference = model });
        var expected = -Math.Log(.25 * .3 * .2 * .3) / 4;
        Assert.That(values["model-nll"], Is.EqualTo(expected).Within(1e-6));
        Assert.That(values["model-perplexity"], Is.EqualTo(Math.Exp(expected)).Within(1e-5));
        Assert.That((model.RanInTraining, model.RanWithGradients), Is.EqualTo((false, false)));
    }

    [Test]
    public void Before_the_adversarial_phase_there_is_no_model()
    {
        using var scope = NewDisposeScope();
        var metric = new ModelNllMetric("", 0, null, 64);
        var values = metric.Evaluate(new EvaluationContext(null!, [""], [[]]) { Batch = new TextBatch(ones(1, 3, int64), 0) });
        Assert.That(values.Values, Is.All.NaN);
        Assert.That(metric.WhyMissing("model-nll"), Is.EqualTo("the adversarial phase, whose first generator is the model, has not begun"));
    }
}
