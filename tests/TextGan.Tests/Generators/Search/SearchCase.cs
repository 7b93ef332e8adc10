using TextGan.Generators;
using TextGan.Generators.Search;
using TextGan.Tests.Learning;
using TextGan.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Generators.Search;

/// <summary>A bigram model of 4 tokens and texts of at most 3, with a nonlinear reward: every text can be enumerated.</summary>
sealed class SearchCase : IDisposable
{
    public const int V = 4, T = 3;

    readonly DisposeScope scope = NewDisposeScope();
    readonly TableDiscriminator judge = new(T, V, 7);

    public SearchCase(int? end = 0)
    {
        End = end;
        Texts = Enumeration.AllTexts(V, T, end); // [N,T]
        var batch = new TextBatch(Texts, end);
        Rewards = SearchSession.Numbers(Reward(batch));
        Probabilities = SearchSession.Numbers((TeacherForcing.LogProbabilities(Generator, Texts, 0) * batch.Mask).sum(1).exp());
        Rows = [.. Texts.data<long>().ToArray().Chunk(T)];
    }

    public BigramGenerator Generator { get; } = new(V, 3);

    public int? End { get; }

    public Tensor Texts { get; }

    public long[][] Rows { get; }

    public double[] Rewards { get; }

    public double[] Probabilities { get; }

    public double Best => Rewards.Max();

    public Tensor Reward(TextBatch texts) => judge.forward(texts).SequenceLogits();

    public SearchRequest Request(int batch, PrefixValue? value = null, double? threshold = null) =>
        new(Generator, batch, T, 0, End, Reward) { Value = value, Threshold = threshold };

    /// <summary>The value of a beginning, of the texts that begin so: their numbers.</summary>
    public PrefixValue Value(Func<int[], double> of) => prefixes =>
    {
        var (ids, lengths) = (prefixes.Ids.data<long>().ToArray().Chunk(T).ToArray(), prefixes.Lengths.data<long>().ToArray());
        return tensor(ids.Zip(lengths, (row, length) => (float)of([.. Enumerable.Range(0, Rows.Length)
            .Where(i => Rows[i].Take((int)length).SequenceEqual(row.Take((int)length)))])).ToArray());
    };

    /// <summary>The highest reward that can still be reached.</summary>
    public PrefixValue Highest => Value(texts => texts.Max(i => Rewards[i]));

    public int NumberOf(IEnumerable<long> row) => Array.FindIndex(Rows, one => one.SequenceEqual(row));

    public void Dispose()
    {
        Generator.Dispose();
        judge.Dispose();
        scope.Dispose();
    }
}
