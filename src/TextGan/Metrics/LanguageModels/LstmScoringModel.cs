using TextGan.Data;
using TextGan.Generators;
using TextGan.Optimizers;

namespace TextGan.Metrics.LanguageModels;

/// <summary>
/// An LSTM language model: one layer of 128 units, embeddings of 64, learnt by Adam with learning rate 0.003 from batches of 64 texts.
/// Every tenth text is kept apart; after each epoch the likelihood of these is measured, and learning ends at the first epoch that does
/// not raise it, with the weights of the epoch before, or after 20 epochs.
/// </summary>
public sealed class LstmScoringModel : ScoringModel
{
    const int Embedding = 64, Hidden = 128, Batch = 64, MostEpochs = 20, KeptApart = 10;
    const double LearningRate = 0.003;

    /// <summary>Tokens in one forward pass at most.</summary>
    const int MostTokens = 1 << 14;

    readonly LstmGenerator model;
    readonly ITokenizer tokenizer;
    readonly Device device;

    /// <param name="texts">What it learns from: token ids, those of the ends included.</param>
    /// <param name="tokenizer">Their tokenizer.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="seed">The seed of its weights and of the order of the texts.</param>
    public LstmScoringModel(IReadOnlyList<int[]> texts, ITokenizer tokenizer, Device device, int seed = 1)
    {
        (this.tokenizer, this.device) = (tokenizer, device);
        using var gradients = enable_grad();
        using var precise = ModelPrecision.Use(Precision.Float32); // whatever the run trains in
        manual_seed(seed);
        model = new LstmGenerator(tokenizer.VocabularySize, Embedding, Hidden, device: device);
        Learn([.. texts.Where(text => text.Length > 0)], seed);
        model.eval();
    }

    void Learn(int[][] texts, int seed)
    {
        int[][] apart = [.. texts.Where((_, i) => i % KeptApart == KeptApart - 1)];
        int[][] learnt = [.. texts.Where((_, i) => i % KeptApart != KeptApart - 1)];
        var random = new SeededRandom(seed, "language model");
        using var optimizer = new AdamOptions { LearningRate = LearningRate }.BuildChecked(new OptimizerContext(model.parameters()));
        var (best, bestNats) = (new StateBag(), double.PositiveInfinity);
        for (var epoch = 0; epoch < MostEpochs; epoch++)
        {
            foreach (var batch in learnt.OrderBy(_ => random.Next()).Chunk(Batch))
            {
                using var scope = NewDisposeScope();
                var (ids, mask) = Rows(batch); // [B,T] each
                optimizer.zero_grad();
                BackwardPass.Run(TeacherForcing.Loss(model, ids, mask, tokenizer.StartId));
                optimizer.step();
            }
            if (apart.Length == 0) continue;
            var nats = NatsPerToken(apart);
            if (nats >= bestNats)
            {
                ModuleState.Load(model, best);
                break;
            }
            bestNats = nats;
            best.Clear();
            ModuleState.Save(model, best);
        }
        best.Clear();
    }

    protected override double LogProbability(IReadOnlyList<int[]> texts)
    {
        using var _ = no_grad();
        using var precise = ModelPrecision.Use(Precision.Float32);
        return Chunks(texts.Where(text => text.Length > 0)).Sum(chunk =>
        {
            using var scope = NewDisposeScope();
            var (ids, mask) = Rows(chunk);
            return (TeacherForcing.LogProbabilities(model, ids, tokenizer.StartId) * mask).sum(type: float64).item<double>();
        });
    }

    /// <summary>Of each text the mean of the hidden states after the start token and after each of its tokens: [N,H] on the CPU.</summary>
    public Tensor MeanStates(IReadOnlyList<int[]> texts)
    {
        using var precise = ModelPrecision.Use(Precision.Float32);
        return Embeddings.MeanStates.Of(model, tokenizer.StartId, texts);
    }

    /// <summary>Ids [B,T] int64 and 1 [B,T] where a text has a token.</summary>
    (Tensor Ids, Tensor Mask) Rows(int[][] texts)
    {
        var length = texts.Max(text => text.Length); // T
        var (ids, mask) = (new long[texts.Length * length], new float[texts.Length * length]);
        for (var b = 0; b < texts.Length; b++)
            for (var t = 0; t < texts[b].Length; t++) (ids[b * length + t], mask[b * length + t]) = (texts[b][t], 1);
        long[] shape = [texts.Length, length];
        return (tensor(ids, shape, int64).to(device), tensor(mask, shape).to(device));
    }

    static IEnumerable<int[][]> Chunks(IEnumerable<int[]> texts)
    {
        int[][] all = [.. texts.OrderBy(text => text.Length)];
        return all.Chunk(Math.Max(1, MostTokens / Math.Max(1, all.LastOrDefault()?.Length ?? 1)));
    }

    public override void Dispose()
    {
        model.Dispose();
        base.Dispose();
    }
}
