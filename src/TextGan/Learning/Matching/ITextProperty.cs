namespace TextGan.Learning.Matching;

/// <summary>A property by which real texts are matched to generated ones: a text has it where its score is above a threshold.</summary>
public interface ITextProperty
{
    /// <summary>[B] scores of texts on any device.</summary>
    double[] Scores(TextBatch texts);

    /// <summary>The threshold by the scores of real and of generated texts.</summary>
    double Threshold(double[] real, double[] generated);
}
