using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>
/// Gumbel noise on logits, given which token it made the largest (Maddison et al., 1411.0030; Paulus et al., 2010.04838, section
/// 3): with exponential E_v and the drawn token x, z_x = -ln E_x and z_v = -ln(E_v/π_v + E_x). With x ~ π that is distributed as
/// ln π + g with unconditional noise g whose argmax is x.
/// </summary>
public static class ConditionalGumbel
{
    const double SmallestUniform = 1e-10;

    /// <summary>Several draws for each token: [K,...,V], without a gradient; the largest number of each row is the token's.</summary>
    /// <param name="logProbabilities">ln π [...,V].</param>
    /// <param name="tokens">x [...] int64.</param>
    /// <param name="draws">K.</param>
    public static Tensor Draw(Tensor logProbabilities, Tensor tokens, int draws)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var surprise = -rand([draws, .. logProbabilities.shape], float32, logProbabilities.device).clamp_min(Held(SmallestUniform)).log();
        var logs = surprise.clamp_min(Held(SmallestUniform)).log(); // ln E, [K,...,V]
        var drawn = tokens.unsqueeze(-1).unsqueeze(0).expand([draws, .. tokens.shape, 1]);
        var ofToken = logs.gather(-1, drawn); // ln E_x, [K,...,1]
        return (-logaddexp(logs - logProbabilities, ofToken)).scatter(-1, drawn, -ofToken).MoveToOuterDisposeScope();
    }
}
