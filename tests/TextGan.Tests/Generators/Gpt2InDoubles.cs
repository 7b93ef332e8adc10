namespace TextGan.Tests.Generators;

/// <summary>
/// GPT-2 written out with loops over doubles (Radford et al. 2019; layer norm 1607.06450, GELU 1606.08415 section 2 by tanh), for weights
/// as its files hold them: matrices [in,out].
/// </summary>
sealed class Gpt2InDoubles(int width, int layers, int heads, double epsilon, string prefix, IReadOnlyDictionary<string, double[]> weights)
{
    readonly int size = width / heads;

    /// <summary>The logits after each token, [T][V].</summary>
    public double[][] Logits(int[] ids)
    {
        double[][] x = [.. ids.Select((id, t) => Add(Row("wte.weight", id), Row("wpe.weight", t)))];
        for (var layer = 0; layer < layers; layer++)
        {
            var name = $"h.{layer}.";
            var attended = Attend(name + "attn.", [.. x.Select(row => Norm(row, name + "ln_1"))]);
            x = [.. x.Zip(attended, Add)];
            x = [.. x.Select(row => Add(row, FeedForward(name + "mlp.", Norm(row, name + "ln_2"))))];
        }
        var vocabulary = weights[prefix + "wte.weight"].Length / width;
        return [.. x.Select(row => Norm(row, "ln_f"))
            .Select(row => Enumerable.Range(0, vocabulary).Select(id => Dot(row, Row("wte.weight", id))).ToArray())];
    }

    double[][] Attend(string name, double[][] x)
    {
        double[][] joined = [.. x.Select(row => Linear(name + "c_attn", row))]; // queries, keys, values
        var result = new double[x.Length][];
        for (var t = 0; t < x.Length; t++)
        {
            var heard = new double[width];
            for (var head = 0; head < heads; head++)
            {
                var weight = new double[t + 1];
                for (var s = 0; s <= t; s++)
                {
                    var score = 0.0;
                    for (var i = 0; i < size; i++) score += joined[t][head * size + i] * joined[s][width + head * size + i];
                    weight[s] = Math.Exp(score / Math.Sqrt(size));
                }
                for (var s = 0; s <= t; s++)
                    for (var i = 0; i < size; i++)
                        heard[head * size + i] += weight[s] / weight.Sum() * joined[s][2 * width + head * size + i];
            }
            result[t] = Linear(name + "c_proj", heard);
        }
        return result;
    }

    double[] FeedForward(string name, double[] x) => Linear(name + "c_proj", [.. Linear(name + "c_fc", x)
        .Select(z => 0.5 * z * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (z + 0.044715 * z * z * z))))]);

    double[] Norm(double[] x, string name)
    {
        var mean = x.Average();
        var deviation = Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + epsilon);
        return [.. x.Select((value, i) => (value - mean) / deviation * weights[$"{prefix}{name}.weight"][i]
            + weights[$"{prefix}{name}.bias"][i])];
    }

    /// <summary>x·W + b with W [in,out].</summary>
    double[] Linear(string name, double[] x)
    {
        var (matrix, result) = (weights[$"{prefix}{name}.weight"], (double[])weights[$"{prefix}{name}.bias"].Clone());
        for (var i = 0; i < x.Length; i++)
            for (var o = 0; o < result.Length; o++) result[o] += x[i] * matrix[i * result.Length + o];
        return result;
    }

    double[] Row(string name, int index) => weights[prefix + name][(index * width)..((index + 1) * width)];

    static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    static double[] Add(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
