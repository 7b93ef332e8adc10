using TextGan.Data;
using TextGan.Discriminators;
using TextGan.Discriminators.Losses;
using TextGan.Optimizers;

namespace TextGan.Metrics;

/// <summary>The AUC of a discriminator that took no part in training (<see cref="FreshDiscriminatorMetricOptions"/>).</summary>
/// <param name="options">The discriminator, how long it learns, on how many texts.</param>
/// <param name="real">Rows of the real side and the lengths of their prompts; null where it is the reference's.</param>
/// <param name="holds">Which texts take part; null for all.</param>
/// <param name="encoder">Tokenizer and row length.</param>
/// <param name="device">Where the discriminator computes.</param>
/// <param name="batchSize">The most texts that are drawn or scored at a time.</param>
/// <param name="model">The model whose features the discriminator reads, disposed of with this; null: the reference.</param>
public sealed class FreshDiscriminatorMetric(
    FreshDiscriminatorMetricOptions options, IReadOnlyList<(long[] Row, int PromptLength)>? real,
    Func<IReadOnlyList<string>, IReadOnlyList<bool>>? holds, TextEncoder encoder, Device device, int batchSize,
    Generator? model = null) : IMetric, IDisposable
{
    public const string Kind = "fresh-discriminator";

    /// <summary>Of fewer texts a side nothing is learnt.</summary>
    const int Fewest = 4;

    const int DefaultBatch = 64;

    /// <summary>Features of a side that are kept at most, 512 MB; of more texts each update computes them.</summary>
    const long MostFeatures = 1 << 27;

    (int Real, int Generated) found;

    /// <summary>The names of its values.</summary>
    public static IReadOnlyList<string> NamesOf(string name) =>
        [$"fresh-auc-{name}", $"fresh-auc-{name}-low", $"fresh-auc-{name}-high", $"fresh-learnt-{name}", $"fresh-measured-{name}"];

    public bool Measures(EvaluationContext context) =>
        (context.IsEnd || options.EveryEvaluation) && (!options.NeedsReference || context.Reference is not null);

    public int? Samples(int drawn) => null;

    public string WhyMissing(string name) => Math.Min(found.Real, found.Generated) < Fewest
        ? $"there are {found.Real} real and {found.Generated} generated texts to compare" : "the discriminator's scores are not numbers";

    public IReadOnlyDictionary<string, double> Evaluate(EvaluationContext context)
    {
        using var scope = NewDisposeScope();
        var wanted = options.Learn + options.Measure;
        TextBatch Of(Generator generator, string side) =>
            FreshTexts.Generated(context, generator, $"{Kind}/{options.Discriminator.Name}/{side}", wanted, encoder,
                batchSize, holds);
        var realSide = real is null ? Of(context.Reference!, "reference") : FreshTexts.Of(real, encoder); // [n,T]
        var generatedSide = Of(context.Generator, "generated"); // [n,T]
        found = ((int)realSide.Batch, (int)generatedSide.Batch);
        var count = Math.Min(found.Real, found.Generated);
        // Of too few texts each use gets its share.
        var learn = count >= wanted ? options.Learn : (int)((long)count * options.Learn / wanted);
        var measure = count >= wanted ? options.Measure : count - learn;
        double[] values = [double.NaN, double.NaN, double.NaN, learn, measure];
        if (count >= Fewest && learn > 0)
        {
            var judges = options.Seeds.Select(seed => Judge(model ?? context.Reference, realSide, generatedSide, learn, measure, seed));
            var (auc, low, high) = RankStatistic.Mean([.. judges], options.Seeds[0]);
            values = [auc, low, high, learn, measure];
        }
        return NamesOf(options.Discriminator.Name).Zip(values).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    /// <summary>Scores of the measured texts by a discriminator that learnt from those before them.</summary>
    (double[] Real, double[] Generated) Judge(
        Generator? frozen, TextBatch real, TextBatch generated, int learn, int measure, int seed)
    {
        using var scope = NewDisposeScope();
        manual_seed(seed);
        using var judge = options.Discriminator.BuildModel(new DiscriminatorContext(
            encoder.Tokenizer.VocabularySize, encoder.Length, encoder.Tokenizer.EndId, device, encoder.Tokenizer.Decode)
        {
            StartId = encoder.Tokenizer.StartId, Frozen = _ => frozen!,
        });
        Learn(judge, ToLearn(real), ToLearn(generated), seed);
        return (Scores(real), Scores(generated));

        LearntTexts ToLearn(TextBatch texts) => new(judge, texts.Rows(0, learn).To(device), batchSize);

        double[] Scores(TextBatch texts)
        {
            using var scores = DiscriminatorScores.Of(judge, measure, (from, count) => texts.Rows(learn + from, count).To(device),
                batchSize);
            return DiscriminatorScores.Numbers(scores);
        }
    }

    void Learn(Discriminator model, LearntTexts real, LearntTexts generated, int seed)
    {
        using var gradients = enable_grad();
        var loss = options.Discriminator.Loss.BuildChecked(new BuildContext());
        TorchSharp.Modules.Parameter[] parameters = [.. model.parameters()];
        using var optimizer = options.Discriminator.Optimizer.BuildChecked(new OptimizerContext(parameters));
        using var step = new PendingStep(optimizer);
        var size = (int)Math.Min(options.Discriminator.Batch ?? DefaultBatch, real.Count);
        using var realOrder = Batches(real.Count, size, seed, "real").GetEnumerator();
        using var generatedOrder = Batches(generated.Count, size, seed, "generated").GetEnumerator();
        model.train();
        for (var i = 0; i < options.Steps; i++)
        {
            using var scope = NewDisposeScope();
            realOrder.MoveNext();
            generatedOrder.MoveNext();
            var (realRows, realFeatures) = real.Rows(realOrder.Current);
            var (generatedRows, generatedFeatures) = generated.Rows(generatedOrder.Current);
            var texts = realRows.Concat(generatedRows);
            var both = realFeatures is null ? model.Judge(texts)
                : ((FeaturesDiscriminator)model).JudgeFeatures(cat([realFeatures, generatedFeatures!]), texts.Mask);
            var total = loss.DiscriminatorLoss(both.Rows(0, size), both.Rows(size, size));
            if (loss.Penalty(model, realRows, generatedRows) is { } penalty) total = total.Plus(penalty);
            Gradients.Clear(parameters);
            BackwardPass.Run(total);
            var norm = EuclideanNorm.Limit(AdjacentTensors.GatherGradients(parameters), options.Discriminator.ClipGradient);
            step.Prepare(total.Plus(norm));
            step.Take();
        }
    }

    /// <summary>
    /// The texts of one side, with the features that a frozen model has of them: computed once, because each update reads them again.
    /// </summary>
    readonly struct LearntTexts
    {
        readonly TextBatch texts;
        readonly Tensor? features;

        public LearntTexts(Discriminator model, TextBatch texts, int batchSize)
        {
            this.texts = texts;
            features = model is FeaturesDiscriminator reader && texts.Batch * texts.Length * reader.FeatureWidth <= MostFeatures
                ? reader.Features(texts, batchSize) : null;
        }

        public long Count => texts.Batch;

        /// <summary>The texts of these numbers, and their features [n,T,F], if they are kept.</summary>
        public (TextBatch Texts, Tensor? Features) Rows(long[] numbers)
        {
            using var rows = tensor(numbers, device: texts.Device);
            return (FreshTexts.Rows(texts, numbers), features?.index_select(0, rows));
        }
    }

    public void Dispose() => model?.Dispose();

    /// <summary>Row numbers, each once before any comes again.</summary>
    static IEnumerable<long[]> Batches(long rows, int size, int seed, string side)
    {
        var random = new SeededRandom(seed, $"{Kind} {side}");
        var rest = new Queue<long>();
        while (true)
        {
            var batch = new long[size];
            for (var i = 0; i < size; i++)
            {
                if (rest.Count == 0)
                    foreach (var row in Enumerable.Range(0, (int)rows).OrderBy(_ => random.Next())) rest.Enqueue(row);
                batch[i] = rest.Dequeue();
            }
            yield return batch;
        }
    }
}
