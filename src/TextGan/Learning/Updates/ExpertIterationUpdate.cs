using TextGan.Generators;
using TextGan.Generators.Search;
using TextGan.Learning.Objectives;
using TextGan.Learning.Rewards;
using TextGan.Learning.Rollouts;

namespace TextGan.Learning.Updates;

/// <summary>
/// Expert iteration (1705.08439): a search finds texts by Σ_k w_k r_k, and the surrogate is -Σ log p(x_t | x_&lt;t) / tokens of those that
/// are kept. It has the weight 1 whatever the discriminators' weights are, which have chosen the texts; the value of a discriminator's
/// term is minus its mean reward of the texts.
/// </summary>
public sealed class ExpertIterationUpdate : UpdateRule
{
    readonly TextSearch search;
    readonly double keep;
    readonly int epochs;
    readonly ValueOptions options;
    readonly ValueNetwork value;
    readonly IReadOnlyDictionary<string, double> weights;
    Dictionary<string, Tensor> figures = [];
    double spent; // tokens that the generator has read so far

    /// <param name="search">Finds texts.</param>
    /// <param name="keep">The share of them that is learnt.</param>
    /// <param name="epochs">Updates for each batch.</param>
    /// <param name="value">How the value of beginnings learns.</param>
    /// <param name="hiddenSize">H of the generator.</param>
    /// <param name="device">The generator's.</param>
    /// <param name="weights">The weight of each discriminator by name.</param>
    public ExpertIterationUpdate(TextSearch search, double keep, int epochs, ValueOptions value, int hiddenSize, Device device,
        IReadOnlyDictionary<string, double> weights)
    {
        (this.search, this.keep, this.epochs, options, this.weights) = (search, keep, epochs, value, weights);
        this.value = value.Build(hiddenSize, device);
    }

    public override int Passes => epochs;

    public override PrefixValue? Value => value.Of;

    public override IEnumerable<KeyValuePair<string, Tensor>> Figures => figures;

    public override Rollout Collect(RolloutRequest request)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var device = request.Generator.parameters().First().device;
        var found = search.Find(new SearchRequest(request.Generator, request.Batch, request.Length, request.StartId, request.EndId,
            new WeightedReward(request.Judges, weights, device).Of)
        {
            PaddingId = request.PaddingId, Prompts = request.Prompts, Value = value.Of,
        });
        var (loss, explained) = value.Fit(
            request.Generator, found.Judged, found.JudgedRewards, request.StartId, options.Steps, options.Batch);
        var (kept, rows) = found.Rewards.topk((int)Math.Max(1, Math.Round(keep * request.Batch)), 0);
        var texts = found.Texts.Select(rows.sort().Values);
        var reference = request.Reference is { } other ? TeacherForcing.LogProbabilities(other, texts.Ids, request.StartId) : null;
        spent += found.Costs.Sum(cost => (double)cost.Tokens) + epochs * TokensOf(texts)
            + options.Steps * Math.Min(options.Batch, found.Judged.Batch) * TokensOf(found.Judged) / found.Judged.Batch;
        figures = TextFigures.Of(texts, request.EndId);
        figures["search/reward"] = kept.mean();
        figures["search/spent"] = tensor(spent);
        figures["search/tokens"] = tensor(found.Costs.Average(cost => cost.Tokens));
        figures["search/judged"] = tensor(found.Costs.Average(cost => cost.Judged));
        figures["search/nodes"] = tensor(found.Costs.Average(cost => cost.Nodes));
        if (options.Steps > 0) (figures["value/loss"], figures["value/explainedVariance"]) = (loss, explained);
        foreach (var figure in figures.Values) figure.MoveToOuterDisposeScope();
        return new Rollout(texts.MoveToOuterDisposeScope()) { Reference = reference?.MoveToOuterDisposeScope() };
    }

    static double TokensOf(TextBatch texts) => texts.Mask.sum().to_type(float64).cpu().data<double>()[0];

    public override Estimate Estimate(RolloutRequest request, Rollout rollout, int pass)
    {
        using var scope = NewDisposeScope();
        var (texts, onDevice) = (rollout.Texts, rollout.Texts.PerDevice());
        var read = GeneratorPass.Over(request, texts);
        var loss = -LengthNormalization.Tokens.Mean(read.LogProbabilities * texts.Response, texts.Response);
        Term Of(Judge judge)
        {
            using var _ = no_grad();
            var reward = new RewardScorer(new LogitReward(), texts.Device).OfTexts(judge, onDevice(judge.Device)).mean();
            return new Term(judge.Name, () => loss, (-reward).MoveToOuterDisposeScope()) { Loss = GeneratorLossOf(judge, texts) };
        }
        Term[] terms = [.. request.Judges.Select(Of)];
        loss.MoveToOuterDisposeScope();
        var generated = new GeneratedBatch(texts, read.Outlive().Logits)
        {
            LogProbabilities = read.LogProbabilities, Reference = rollout.Reference, Parts = request.Parts,
        };
        return new Estimate(terms, generated, new Dictionary<string, double>(), Together: _ => loss);
    }

    public override void Save(StateBag bag)
    {
        bag.Put("spent", spent);
        value.Save(bag.Scope("value"));
    }

    public override void Load(StateBag bag)
    {
        spent = bag.GetDouble("spent");
        value.Load(bag.Scope("value"));
    }

    protected override void Release() => value.Dispose();
}
