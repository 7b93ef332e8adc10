using TextGan.Generators.Search;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Tests.Generators.Search;

/// <summary>What all searches share: prompts, openings, the states behind beginnings.</summary>
public sealed class TextSearchTests
{
    static IEnumerable<TestCaseData> Searches() =>
        from generator in new[] { GeneratorCases.Lstm[1], GeneratorCases.Transformer[0] }
        from search in new (string Name, TextSearch Search)[]
        {
            ("best-of-n", new BestOfN(3)), ("beam", new BeamSearch(3, 0.5)), ("guided", new GuidedDecoding(3)),
            ("tree", new TreeSearch(8, rollout: 0)), ("tree with draws", new TreeSearch(8, rollout: 0.5)),
        }
        select new TestCaseData(generator, search.Search).SetArgDisplayNames(search.Name, generator[9..13]);

    static Tensor Reward(TextBatch texts) => (texts.Ids.eq(3).to_type(float32) * texts.Response).sum(1);

    /// <summary>
    /// Prompts of 0, 1, 1 and 3 tokens, one of which holds the end token twice: texts begin with them, and the states that a value is
    /// asked about
    /// are those of teacher forcing.
    /// </summary>
    [TestCaseSource(nameof(Searches))]
    public void Prompts_are_kept_and_states_are_right(string json, TextSearch search)
    {
        using var scope = NewDisposeScope();
        using var generator = GeneratorCases.Build(json);
        const int length = GeneratorCases.T;
        long[][] prompts = [[], [4], [5], [GeneratorCases.End, 2, GeneratorCases.End]];
        var asked = 0;
        Tensor Value(Prefixes prefixes)
        {
            var inputs = cat([full([prefixes.Ids.shape[0], 1], GeneratorCases.Start, int64), prefixes.Ids], 1);
            var lengths = prefixes.Lengths.view(-1, 1, 1).expand(-1, 1, generator.HiddenSize);
            var read = generator.Hidden(inputs.narrow(1, 0, length)).gather(1, lengths).squeeze(1);
            Assert.That((read - prefixes.Hidden).abs().max().item<float>(), Is.LessThan(1e-4));
            asked++;
            return prefixes.Hidden.select(1, 0).clone();
        }
        manual_seed(5);
        var found = search.Find(new SearchRequest(generator, prompts.Length, length, GeneratorCases.Start, GeneratorCases.End, Reward)
        {
            Prompts = PromptBatch.Of([.. prompts.Select(prompt => (IReadOnlyList<int>)[.. prompt.Select(id => (int)id)])]),
            Value = search.NeedsValue ? Value : null,
        });
        var rows = found.Texts.Ids.data<long>().ToArray().Chunk(length).ToArray();
        for (var b = 0; b < prompts.Length; b++)
        {
            Assert.That(rows[b].Take(prompts[b].Length), Is.EqualTo(prompts[b]));
            Assert.That(SearchSession.Numbers(found.Texts.Response)[(b * length)..(b * length + prompts[b].Length)], Is.All.Zero);
            Assert.That(found.Costs[b].Tokens, Is.GreaterThan(prompts[b].Length));
        }
        Assert.That(SearchSession.Numbers(Reward(found.Texts)), Is.EqualTo(SearchSession.Numbers(found.Rewards)));
        Assert.That(asked, search.NeedsValue ? Is.GreaterThan(0) : Is.Zero);
    }

    static IEnumerable<TestCaseData> Together() =>
        from search in new (string Name, TextSearch Search)[]
        {
            ("best-of-n", new BestOfN(2)), ("beam", new BeamSearch(2, 0.5)), ("guided", new GuidedDecoding(3)),
            ("tree", new TreeSearch(7, prior: TreePrior.Uniform, rollout: 0)),
            ("tree with draws", new TreeSearch(7, prior: TreePrior.Uniform, rollout: 0.5)),
        }
        select new TestCaseData(search.Search).SetArgDisplayNames(search.Name);

    /// <summary>Of a generator that is sure of each token nothing is left to chance: a batch finds and costs what each text does
    /// alone.</summary>
    [TestCaseSource(nameof(Together))]
    public void Searches_of_a_batch_know_nothing_of_each_other(TextSearch search)
    {
        using var scope = NewDisposeScope();
        using var known = new SearchCase(end: null);
        using (no_grad()) known.Generator.Table.mul_(1000);
        int[][] prompts = [[1], [2], [3]];
        FoundTexts Find(params int[][] of) =>
            search.Find(known.Request(of.Length, known.Highest) with { Prompts = PromptBatch.Of([.. of]) });
        static (string Row, double Reward, long, long, long) Of(FoundTexts found, int b) =>
            (string.Join(' ', found.Texts.Ids[b].data<long>().ToArray()), SearchSession.Numbers(found.Rewards)[b],
                found.Costs[b].Tokens, found.Costs[b].Judged, found.Costs[b].Nodes);
        var all = Find(prompts);
        for (var b = 0; b < prompts.Length; b++) Assert.That(Of(all, b), Is.EqualTo(Of(Find(prompts[b]), 0)), $"{b}");
    }

    /// <summary>A beam draws nothing: without an opening all texts are one.</summary>
    [Test]
    public void An_opening_makes_texts_differ()
    {
        using var scope = NewDisposeScope();
        using var known = new SearchCase(end: null);
        manual_seed(1);
        int Different(int opening) => new BeamSearch(2, opening: opening).Find(known.Request(30)).Texts.Ids.data<long>().ToArray()
            .Chunk(SearchCase.T).Select(known.NumberOf).Distinct().Count();
        Assert.That((Different(0), Different(1)), Is.EqualTo((1, SearchCase.V)));
        var cost = new BeamSearch(1, opening: 2).Find(known.Request(1)).Costs[0];
        Assert.That((cost.Tokens, cost.Nodes), Is.EqualTo((2 + 2 + 1, 1)), "2 that are drawn, read again, and the last state");
    }

    /// <summary>An opening longer than the text leaves its last token to the search; one that ends is a whole text.</summary>
    [Test]
    public void An_opening_may_be_a_whole_text()
    {
        using var scope = NewDisposeScope();
        using var known = new SearchCase();
        TextSearch[] searches = [new BestOfN(2, 9), new BeamSearch(2, 0, 9), new GuidedDecoding(2, 1, 9), new TreeSearch(3, opening: 9)];
        foreach (var search in searches)
        {
            manual_seed(1);
            var found = search.Find(known.Request(50, known.Highest));
            Assert.That(found.Texts.Ids.data<long>().ToArray().Chunk(SearchCase.T).Select(known.NumberOf), Is.All.GreaterThanOrEqualTo(0));
            Assert.That(SearchSession.Numbers(known.Reward(found.Texts)), Is.EqualTo(SearchSession.Numbers(found.Rewards)).Within(1e-6));
        }
    }

    [Test]
    public void A_search_leaves_no_tensor_behind()
    {
        using var scope = NewDisposeScope();
        using var known = new SearchCase();
        foreach (var search in (TextSearch[])[new BestOfN(2), new BeamSearch(2, 1), new GuidedDecoding(2), new TreeSearch(5, rollout: 0.5)])
        {
            long Live() => TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            long before;
            void Find()
            {
                using var inner = NewDisposeScope();
                search.Find(known.Request(3, known.Value(_ => 0)));
            }
            Find();
            before = Live();
            Find();
            Assert.That(Live(), Is.EqualTo(before), search.GetType().Name);
        }
    }
}
