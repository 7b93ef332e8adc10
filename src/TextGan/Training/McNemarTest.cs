namespace TextGan.Training;

/// <summary>
/// Whether two judges of the same pairs are right equally often (McNemar 1947), in the exact form: of the pairs on which just one of them
/// is right, each is as likely the one as the other if they are equally good.
/// </summary>
public static class McNemarTest
{
    /// <summary>The two-sided p value, 1 if the judges never differ.</summary>
    /// <param name="first">Pairs on which only the first is right.</param>
    /// <param name="second">Pairs on which only the second is right.</param>
    public static double PValue(int first, int second)
    {
        var (count, fewer) = (first + second, Math.Min(first, second));
        // The sum of the binomial probabilities C(n,k) / 2^n up to the smaller number, in logarithms: 2^n may be too large.
        var logTerm = -count * Math.Log(2);
        var sum = Math.Exp(logTerm);
        for (var k = 1; k <= fewer; k++)
        {
            logTerm += Math.Log((count - k + 1.0) / k);
            sum += Math.Exp(logTerm);
        }
        return Math.Min(1, 2 * sum);
    }
}
