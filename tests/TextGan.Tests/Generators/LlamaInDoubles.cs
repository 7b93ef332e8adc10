using TextGan.Generators;

namespace TextGan.Tests.Generators;

/// <summary>
/// Llama (2302.13971) written out with loops over doubles, from the papers: RMS norm (1910.07467, equation 4), rotary positions
/// (2104.09864, equation 34; value i paired with i + D/2, as Hugging Face has them), grouped-query attention (2305.13245), SwiGLU
/// (2002.05202).
/// </summary>
/// <param name="options">The sizes.</param>
/// <param name="weights">By Hugging Face's names.</param>
/// <param name="scale">What becomes of the angles per position (Llama 3.1); null: they stay as they are.</param>
/// <param name="headSize">The width of a head, where it is not width / heads.</param>
sealed class LlamaInDoubles(TransformerGeneratorOptions options, IReadOnlyDictionary<string, double[]> weights,
    Func<double, double>? scale = null, int? headSize = null)
{
    readonly int width = options.Hidden, size = headSize ?? options.Hidden / options.Heads, groups = options.KeyValueHeads ?? options.Heads;

    /// <summary>The logits after each token, [T][V].</summary>
    public double[][] Logits(int[] ids)
    {
        double[][] x = [.. ids.Select(id => weights["model.embed_tokens.weight"].AsSpan(id * width, width).ToArray())];
        for (var layer = 0; layer < options.Layers; layer++)
        {
            var name = $"model.layers.{layer}.";
            var attended = Attend(name + "self_attn.", [.. x.Select(row => Norm(row, name + "input_layernorm.weight"))]);
            x = [.. x.Zip(attended, Add)];
            x = [.. x.Select(row => Add(row, FeedForward(name + "mlp.", Norm(row, name + "post_attention_layernorm.weight"))))];
        }
        var head = options.TieEmbeddings ? "model.embed_tokens.weight" : "lm_head.weight";
        return [.. x.Select(row => Times(head, Norm(row, "model.norm.weight")))];
    }

    double[][] Attend(string name, double[][] x)
    {
        double[][] queries = [.. x.Select((row, t) => Turn(Times(name + "q_proj.weight", row), t))];
        double[][] keys = [.. x.Select((row, t) => Turn(Times(name + "k_proj.weight", row), t))];
        double[][] values = [.. x.Select(row => Times(name + "v_proj.weight", row))];
        var result = new double[x.Length][];
        for (var t = 0; t < x.Length; t++)
        {
            var joined = new double[options.Heads * size];
            for (var head = 0; head < options.Heads; head++)
            {
                var group = head / (options.Heads / groups);
                double[] scores = [.. Enumerable.Range(0, t + 1)
                    .Select(s => Math.Exp(
                    Enumerable.Range(0, size).Sum(i => queries[t][head * size + i] * keys[s][group * size + i]) / Math.Sqrt(size)))];
                for (var i = 0; i < size; i++)
                    joined[head * size + i] = Enumerable.Range(0, t + 1).Sum(s => scores[s] * values[s][group * size + i]) / scores.Sum();
            }
            result[t] = Times(name + "o_proj.weight", joined);
        }
        return result;
    }

    /// <summary>Turns the pair (i, i + D/2) of each head by the angle position · θ^(-2i/D).</summary>
    double[] Turn(double[] x, int position)
    {
        var turned = new double[x.Length];
        for (var head = 0; head < x.Length / size; head++)
            for (var i = 0; i < size / 2; i++)
            {
                var frequency = Math.Pow(options.RopeTheta, -2.0 * i / size);
                var angle = position * (scale?.Invoke(frequency) ?? frequency);
                var (a, b) = (x[head * size + i], x[head * size + i + size / 2]);
                turned[head * size + i] = a * Math.Cos(angle) - b * Math.Sin(angle);
                turned[head * size + i + size / 2] = a * Math.Sin(angle) + b * Math.Cos(angle);
            }
        return turned;
    }

    double[] FeedForward(string name, double[] x)
    {
        var (gate, up) = (Times(name + "gate_proj.weight", x), Times(name + "up_proj.weight", x));
        return Times(name + "down_proj.weight", [.. gate.Zip(up, (g, u) => g / (1 + Math.Exp(-g)) * u)]);
    }

    double[] Norm(double[] x, string name)
    {
        var root = Math.Sqrt(x.Sum(value => value * value) / x.Length + options.Epsilon);
        return [.. x.Zip(weights[name], (value, weight) => value / root * weight)];
    }

    double[] Times(string matrix, double[] x) =>
        [.. Enumerable.Range(0, weights[matrix].Length / x.Length)
            .Select(row => Enumerable.Range(0, x.Length).Sum(column => weights[matrix][row * x.Length + column] * x[column]))];

    static double[] Add(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
