namespace TextGan.Benchmarks.Paths;

/// <summary>Self-BLEU-2..5 by its definition: the n-grams of every reference are counted anew for every text and every order.</summary>
sealed class PlainSelfBleu(int count, int length) : IBenchmarkPath
{
    readonly int[][] texts = SelfBleuOfTexts.Texts(count, length, seed: 1);

    public void Run()
    {
        for (var order = 2; order <= 5; order++)
            for (var i = 0; i < texts.Length; i++) Score(i, order);
    }

    double Score(int position, int order)
    {
        var text = texts[position];
        int[][] references = [.. texts.Where((_, i) => i != position)];
        var logarithms = 0.0;
        for (var n = 1; n <= order; n++)
        {
            var allowed = new Dictionary<string, int>();
            foreach (var reference in references)
                foreach (var (gram, seen) in Counts(reference, n)) allowed[gram] = Math.Max(seen, allowed.GetValueOrDefault(gram));
            double matches = Counts(text, n).Sum(entry => Math.Min(entry.Value, allowed.GetValueOrDefault(entry.Key)));
            logarithms += Math.Log((matches == 0 ? 0.1 : matches) / Math.Max(1, text.Length - n + 1)) / order;
        }
        return Math.Exp(logarithms); // all texts are equally long: no penalty for brevity
    }

    static Dictionary<string, int> Counts(int[] text, int n)
    {
        var counts = new Dictionary<string, int>();
        for (var i = 0; i + n <= text.Length; i++)
        {
            var gram = string.Join(' ', text.AsSpan(i, n).ToArray());
            counts[gram] = counts.GetValueOrDefault(gram) + 1;
        }
        return counts;
    }

    public void Dispose() { }
}
