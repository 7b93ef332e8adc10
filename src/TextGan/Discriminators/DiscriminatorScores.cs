using TextGan.Native;

namespace TextGan.Discriminators;

/// <summary>Scores of texts that nobody learns from.</summary>
public static class DiscriminatorScores
{
    /// <summary>The mean logit of each text, [n] on the CPU: without dropout and without a gradient, in chunks.</summary>
    /// <param name="discriminator">The judge.</param>
    /// <param name="count">n.</param>
    /// <param name="texts">So many texts from a number on, on the judge's device.</param>
    /// <param name="atOnce">The most texts in one forward pass.</param>
    public static Tensor Of(Discriminator discriminator, int count, Func<int, int, TextBatch> texts, int atOnce = 256)
    {
        using var _ = no_grad();
        using var evaluation = new EvaluationMode(discriminator);
        discriminator.eval(); // the layers that DropoutSwitch leaves in training mode, too
        using var outer = NewDisposeScope();
        var scores = new List<Tensor>();
        for (var from = 0; from < count; from += atOnce)
        {
            using var scope = NewDisposeScope();
            scores.Add(discriminator.Judge(texts(from, Math.Min(atOnce, count - from))).SequenceLogits().cpu().MoveToOuterDisposeScope());
        }
        return cat(scores).MoveToOuterDisposeScope();
    }

    /// <summary>Scores as numbers.</summary>
    public static double[] Numbers(Tensor scores)
    {
        using var scope = NewDisposeScope();
        return scores.to_type(float64).data<double>().ToArray();
    }
}
