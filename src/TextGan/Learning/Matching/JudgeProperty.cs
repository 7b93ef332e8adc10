using TextGan.Discriminators;
using TextGan.Learning.Rewards;

namespace TextGan.Learning.Matching;

/// <summary>What a judge holds for real, as it is at the moment of the call.</summary>
public sealed class JudgeProperty(Judge judge) : ITextProperty
{
    public double[] Scores(TextBatch texts)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        return DiscriminatorScores.Numbers(judge.Score(texts.To(judge.Device)).SequenceLogits().cpu());
    }

    public double Threshold(double[] real, double[] generated)
    {
        using var scope = NewDisposeScope();
        return judge.Threshold(Output(real), Output(generated)).to_type(float64).item<double>();
    }

    static DiscriminatorOutput Output(double[] scores) => new(tensor(scores, [scores.Length, 1], float32));
}
