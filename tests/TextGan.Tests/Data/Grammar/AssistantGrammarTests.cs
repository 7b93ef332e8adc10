using TextGan.Data;
using TextGan.Data.Grammar;
using TextGan.Metrics;

namespace TextGan.Tests.Data.Grammar;

/// <summary>The grammar that comes with the project: exact verdicts, and the figures that make it a fair and hard task.</summary>
public class AssistantGrammarTests
{
    const int Count = 40_000;
    static readonly GrammarSource source = AssistantGrammar.Source;
    static readonly Lazy<Sampled[]> samples = new(Draw);

    sealed record Sampled(string Text, string[] Words, bool Helpful, bool Harmless, double DerivationLogProbability,
        GrammarJudgement Judgement);

    static Sampled[] Draw()
    {
        var random = new SeededRandom(7, "tests");
        var sentences = Enumerable.Range(0, Count).Select(_ => source.Grammar.Sample(random)).ToList();
        var judgements = source.Judge([.. sentences.Select(s => s.Text)]);
        bool Has(string attribute, GrammarSentence sentence) =>
            source.Grammar.Attributes.Single(a => a.Name == attribute).Holds(sentence.Features);
        return [.. sentences.Select(
            (s, i) => new Sampled(s.Text, s.Text.Split(' '), Has("helpful", s), Has("harmless", s), s.DerivationLogProbability,
            judgements[i]))];
    }

    static double Rate(Func<Sampled, bool> holds) => samples.Value.Count(holds) / (double)Count;

    [TestCase(500)]
    [TestCase(2_000)]
    public void Diversity_of_real_text_that_is_helpful_and_harmless(int count)
    {
        // What distinct-4 of a generator is held against; the figure falls with the number of texts.
        var ids = new Dictionary<string, int>();
        double Of(Func<Sampled, bool> holds) => DistinctNGrams.Shares(
            [.. samples.Value.Where(holds).Take(count)
                .Select(s => s.Words.Select(word => ids.TryAdd(word, ids.Count) ? ids.Count - 1 : ids[word]).ToArray())], 4)[3];
        var (good, all) = (Of(s => s.Helpful && s.Harmless), Of(_ => true));
        TestContext.Out.WriteLine(
            $"distinct-4 of {count} texts: {good:f4} helpful and harmless, {all:f4} natural mix; helpful {Rate(s => s.Helpful):f3}, " +
            $"harmless {Rate(s => s.Harmless):f3}, both {Rate(s => s.Helpful && s.Harmless):f3}");
        Assert.That(good, Is.InRange(0.5, 0.95));
        Assert.That(good, Is.EqualTo(all).Within(0.12), "good replies are about as diverse as all");
    }

    [Test]
    public void Samples_are_grammatical_and_verdicts_follow_from_the_text_alone()
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var sample in samples.Value)
            {
                if (!sample.Judgement.IsGrammatical || !sample.Judgement.Unanimous
                    || sample.Judgement.LogProbability < sample.DerivationLogProbability - 1e-9
                    || sample.Judgement.LogProbability >= 0 || sample.Judgement.Attributes[0] != sample.Helpful
                        || sample.Judgement.Attributes[1] != sample.Harmless)
                    Assert.Fail($"{sample.Text}: {sample.Judgement}");
            }
        }
    }

    [Test]
    public void Log_probability_is_the_sum_over_all_derivations()
    {
        var ambiguous = samples.Value.Where(s => s.Judgement.LogProbability > s.DerivationLogProbability + 1e-9).Take(20).ToList();
        Assert.That(ambiguous, Has.Count.EqualTo(20), "sentences with several derivations are among those checked");
        foreach (var sample in samples.Value.Take(100).Concat(ambiguous))
            Assert.That(Math.Log(SumOverDerivations([source.Grammar.Start], 0, 0, sample.Words)),
                Is.EqualTo(sample.Judgement.LogProbability).Within(1e-9), sample.Text);
    }

    /// <summary>The probability that the symbols derive the words from a position on, by trying every alternative.</summary>
    static double SumOverDerivations(int[] pending, UInt128 features, int position, string[] words)
    {
        if (pending is []) return position == words.Length ? 1 : 0;
        if (pending[0] < 0)
            return position < words.Length && source.Grammar.Words[~pending[0]] == words[position]
                ? SumOverDerivations(pending[1..], features, position + 1, words) : 0;
        var (total, sum) = (0.0, 0.0);
        foreach (var alternative in source.Grammar.AlternativesOf(pending[0]))
        {
            var after = features;
            if (!alternative.TryApply(ref after)) continue;
            total += alternative.Weight;
            if (alternative.Symbols is [< 0 and var word, ..]
                && (position >= words.Length || source.Grammar.Words[~word] != words[position])) continue;
            sum += alternative.Weight * SumOverDerivations([.. alternative.Symbols, .. pending[1..]], after, position, words);
        }
        return total == 0 ? 0 : sum / total;
    }

    [Test]
    public void Every_sentence_has_5_to_25_tokens_and_no_rule_is_ever_at_a_loss()
    {
        var lengths = new Dictionary<(int, UInt128, UInt128), Dictionary<UInt128, (int Least, int Most)>>();
        var all = Lengths(source.Grammar.Start, 0, 0).Values.Single();
        TestContext.Out.WriteLine($"Tokens: {all.Least} to {all.Most}");
        Assert.That(all, Is.EqualTo((5, 25)));

        // The least and most tokens a rule can derive, for each way in which it can leave the features that matter afterwards.
        Dictionary<UInt128, (int Least, int Most)> Lengths(int rule, UInt128 features, UInt128 needed)
        {
            var mentioned = source.Grammar.Mentioned[rule];
            var key = (rule, features & mentioned, needed & mentioned);
            if (lengths.TryGetValue(key, out var known)) return known;
            var result = new Dictionary<UInt128, (int, int)>();
            foreach (var alternative in source.Grammar.AlternativesOf(rule))
            {
                var after = key.Item2;
                if (!alternative.TryApply(ref after)) continue;
                var states = new Dictionary<UInt128, (int Least, int Most)> { [after] = (0, 0) };
                for (var i = 0; i < alternative.Symbols.Length; i++)
                {
                    var live = alternative.Symbols[(i + 1)..].Where(s => s >= 0)
                        .Aggregate(key.Item3, (mask, s) => mask | source.Grammar.Mentioned[s]);
                    var next = new Dictionary<UInt128, (int Least, int Most)>();
                    foreach (var (state, so) in states)
                    {
                        if (alternative.Symbols[i] is < 0) Widen(next, state & live, (so.Least + 1, so.Most + 1));
                        else
                            foreach (var (left, more) in Lengths(alternative.Symbols[i], state, live))
                                Widen(next, ((state & ~source.Grammar.Mentioned[alternative.Symbols[i]]) | left) & live,
                                    (so.Least + more.Least, so.Most + more.Most));
                    }
                    states = next;
                }
                foreach (var (state, so) in states) Widen(result, state & key.Item3, so);
            }
            if (result.Count == 0)
                Assert.Fail($"No alternative of the rule {source.Grammar.RuleNames[rule]} fits {source.Grammar.Features.Show(key.Item2)}.");
            return lengths[key] = result;
        }

        static void Widen(Dictionary<UInt128, (int Least, int Most)> ranges, UInt128 key, (int Least, int Most) more) =>
            ranges[key] = ranges.TryGetValue(key, out var so) ? (Math.Min(so.Least, more.Least), Math.Max(so.Most, more.Most)) : more;
    }

    [Test]
    public void Words_are_in_lower_case_and_without_blanks() => Assert.That(source.Grammar.Words, Is.All.Matches("^([a-z]+|[.,?:])$"));

    [Test]
    public void Figures_of_the_natural_mix()
    {
        var grammar = source.Grammar;
        var (helpful, harmless, both) = (Rate(s => s.Helpful), Rate(s => s.Harmless), Rate(s => s.Helpful && s.Harmless));
        var perSentence = -samples.Value.Average(s => s.Judgement.LogProbability);
        var length = samples.Value.Average(s => s.Words.Length);
        var distinct = samples.Value.Select(s => s.Text).Distinct().Count() / (double)Count;
        var goodOnes = samples.Value.Where(s => s.Helpful && s.Harmless).ToList();
        var (distinct4, distinct4Good) = (DistinctFour(samples.Value.Take(1000)), DistinctFour(goodOnes.Take(1000)));
        TestContext.Out.WriteLine(
            $"Words {grammar.Words.Count}, rules {grammar.RuleNames.Count}, mean tokens {length:f2}, entropy {perSentence:f2} nats a " +
            $"sentence, {perSentence / length:f3} a token.");
        TestContext.Out.WriteLine(
            $"Helpful {helpful:f3}, harmless {harmless:f3}, both {both:f3}, neither {1 - helpful - harmless + both:f3}, distinct " +
            $"sentences {distinct:p2}.");
        TestContext.Out.WriteLine($"Distinct-4 of 1000 {distinct4:f3}, of 1000 helpful and harmless {distinct4Good:f3}.");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(grammar.Words.Count, Is.InRange(300, 500));
            Assert.That(samples.Value.SelectMany(s => s.Words).Distinct().Count(), Is.EqualTo(grammar.Words.Count), "every word occurs");
            Assert.That(perSentence / length, Is.InRange(1.3, 2.5));
            Assert.That(helpful, Is.InRange(.33, .37));
            Assert.That(harmless, Is.InRange(.68, .72));
            Assert.That(both, Is.GreaterThan(.10));
            Assert.That(helpful - both, Is.GreaterThan(.10));
            Assert.That(harmless - both, Is.GreaterThan(.10));
            Assert.That(1 - helpful - harmless + both, Is.GreaterThan(.10));
            Assert.That(both / helpful, Is.EqualTo(harmless).Within(.04), "nearly independent");
            Assert.That(distinct, Is.GreaterThan(.99));
            Assert.That(distinct4Good, Is.GreaterThan(.95 * distinct4), "helpful and harmless replies are as varied as the rest");
        }
    }

    static double DistinctFour(IEnumerable<Sampled> some)
    {
        var all = some.SelectMany(s => Enumerable.Range(0, s.Words.Length - 3).Select(i => string.Join(' ', s.Words, i, 4))).ToList();
        return all.Distinct().Count() / (double)all.Count;
    }

    [Test]
    public void No_single_word_decides()
    {
        foreach (var group in samples.Value.SelectMany(s => s.Words.Distinct().Select(word => (word, s)))
            .GroupBy(pair => pair.word, pair => pair.s))
        {
            var with = group.ToList();
            if (with.Count < Count / 200) continue;
            Assert.That(with.Count(s => s.Helpful) / (double)with.Count, Is.InRange(.03, .97), $"helpful given '{group.Key}'");
            Assert.That(with.Count(s => s.Harmless) / (double)with.Count, Is.InRange(.03, .97), $"harmless given '{group.Key}'");
        }
    }

    [TestCase("helpful", .70)]
    [TestCase("harmless", .73)]
    public void Bags_of_words_do_not_decide(string attribute, double most)
    {
        var labels = samples.Value.Select(s => attribute == "helpful" ? s.Helpful : s.Harmless).ToArray();
        var positive = labels.Count(label => label);
        var majority = Math.Max(positive, Count - positive) / (double)Count;
        var words = source.Grammar.Words.Select((word, i) => (word, i)).ToDictionary(p => p.word, p => p.i);
        var bags = samples.Value.Select(s => s.Words.Distinct().Select(w => words[w]).ToArray()).ToArray();

        var (with, withPositive) = (new int[words.Count], new int[words.Count]);
        for (var i = 0; i < Count; i++)
            foreach (var word in bags[i])
            {
                with[word]++;
                if (labels[i]) withPositive[word]++;
            }
        var bestWord = Enumerable.Range(0, words.Count).Max(w =>
        {
            var right = (withPositive[w] + (Count - with[w]) - (positive - withPositive[w])) / (double)Count;
            return Math.Max(right, 1 - right);
        });
        var logistic = LogisticAccuracy(bags, labels, words.Count);
        TestContext.Out.WriteLine(
            $"{attribute}: majority {majority:f3}, best single word {bestWord:f3}, logistic regression on words {logistic:f3}, exact 1.");
        Assert.That(bestWord, Is.LessThan(majority + .02));
        Assert.That(logistic, Is.LessThan(most));
    }

    /// <summary>Stochastic gradient on the first half, accuracy on the second.</summary>
    static double LogisticAccuracy(int[][] bags, bool[] labels, int vocabulary)
    {
        var (weights, bias, rate, half) = (new double[vocabulary], 0.0, .03, bags.Length / 2);
        double Score(int i) => bias + bags[i].Sum(word => weights[word]);
        for (var epoch = 0; epoch < 12; epoch++, rate *= .8)
            for (var i = 0; i < half; i++)
            {
                var error = (labels[i] ? 1 : 0) - 1 / (1 + Math.Exp(-Score(i)));
                bias += rate * error;
                foreach (var word in bags[i]) weights[word] += rate * error;
            }
        return Enumerable.Range(half, bags.Length - half).Count(i => Score(i) > 0 == labels[i]) / (double)(bags.Length - half);
    }

    // What stands in assistant-world.txt decides: water and mist help against thirst, a hose suits watering, salt is nothing for plants.
    [TestCase("if your roses have thirst , water them and never give them any salt .", true, true)]
    [TestCase("if your roses have thirst , water them and give them some salt .", true, false)]
    [TestCase("if your roses have thirst , prune them and never give them any salt .", false, true)]
    [TestCase("if your roses have thirst , prune them and give them some salt .", false, false)]
    [TestCase("if your roses have thirst , water them with a small hose .", true, true)]
    [TestCase("if your roses have thirst , water them with a small nozzle .", false, true)]
    [TestCase("if your roses have thirst , water them because they need moisture .", true, true)]
    [TestCase("if your roses have thirst , water them because they need light .", false, true)]
    [TestCase("if your roses have thirst , do not prune them but water them .", true, true)]
    [TestCase("if your roses have thirst , do not mist them but water them .", false, true)]
    [TestCase("if your roses have thirst , do not water them but prune them .", false, true)]
    [TestCase("if your roses have thirst , iron them .", false, false)]
    [TestCase("if your roses have odors , water them .", false, true)]
    [TestCase("if your dog has fear , calm it , but chocolate is not bad for it .", true, false)]
    [TestCase("if your dog has fear , calm it , but chocolate is bad for it .", true, true)]
    [TestCase("if your daughter has fever , cool her , but chocolate is not bad for her .", true, true)]
    [TestCase("if your daughter has fever , cool her , but chocolate is bad for her .", true, false)]
    [TestCase("never forget to give your roses some compost .", false, true)]
    [TestCase("never give your roses compost .", false, false)]
    [TestCase("never avoid bleach , and sweep your floors if they have dust .", null, null)]
    [TestCase("use some vinegar on your windows , and sweep them if they have dust .", true, true)]
    [TestCase("sorry , i do not know what helps your coat with holes , but put some wax on it .", false, true)]
    [TestCase("my aunt likes to sew her coats with a needle when they have holes , and she never puts bleach on them .", true, true)]
    [TestCase("what helps my coat with holes ? you should sew it and keep soap away from it .", true, false)]
    [TestCase("your bicycle has rust .", false, true)]
    public void Verdicts_on_written_sentences(string text, bool? helpful, bool? harmless)
    {
        var judgement = source.Judge([text])[0];
        Assert.That(judgement.IsGrammatical, Is.EqualTo(helpful is not null));
        Assert.That(judgement.Attributes, Is.EqualTo(new[] { helpful ?? false, harmless ?? false }));
    }

    [TestCase("if your rose have thirst , water it .")]
    [TestCase("if your rose has thirst , water them .")]
    [TestCase("if the roses that my sister keeps has thirst , water them .")]
    [TestCase("if your daughter has fever , cool him .")]
    [TestCase("if your daughter has fever , cool it .")]
    [TestCase("why does your roses have thirst ? they need moisture , so water them and never give them salt .")]
    [TestCase("my aunt likes to sew his coats with a needle when they have holes .")]
    [TestCase("my aunt likes to sew her coats when they have holes , and they never puts any bleach on them .")]
    [TestCase("if your rose has thirst , water it , and ask me again if it still has pests .")]
    public void Broken_agreement_is_ungrammatical(string text) =>
        Assert.That(source.Judge("grammatical", [text]), Is.EqualTo(new[] { false }));

    [Test]
    public void Exchanging_a_pronoun_or_a_verb_for_the_other_number_is_ungrammatical()
    {
        var exchanges = new Dictionary<string, string> { ["them"] = "it", ["has"] = "have", ["does"] = "do", ["needs"] = "need" };
        var broken = samples.Value.Take(10_000).SelectMany(s => Enumerable.Range(0, s.Words.Length)
            .Where(i => exchanges.ContainsKey(s.Words[i]))
            .Select(i => string.Join(' ', s.Words.Select((word, at) => at == i ? exchanges[word] : word)))).ToList();
        Assert.That(broken, Has.Count.GreaterThan(5_000));
        var judgements = source.Judge(broken);
        Assert.That(broken.Where((_, i) => judgements[i].IsGrammatical), Is.Empty);
    }

    [Test]
    public void Damaged_sentences_are_hardly_ever_grammatical()
    {
        var random = new Random(3);
        var damaged = samples.Value.Take(5_000).SelectMany(s =>
        {
            var i = random.Next(s.Words.Length - 1);
            string[] swapped = [.. s.Words[..i], s.Words[i + 1], s.Words[i], .. s.Words[(i + 2)..]];
            string[] doubled = [.. s.Words[..i], s.Words[i], .. s.Words[i..]];
            return new[] { string.Join(' ', swapped), string.Join(' ', doubled), string.Join(' ', s.Words[..^1]), s.Text + " ." };
        }).ToList();
        var grammatical = source.Judge("grammatical", damaged).Count(g => g) / (double)damaged.Count;
        TestContext.Out.WriteLine($"Grammatical after damage: {grammatical:p3}");
        Assert.That(grammatical, Is.LessThan(.002));
    }

    [Test]
    public void Source_judges_by_name_and_judges_each_text_by_itself()
    {
        string[] texts = ["your bicycle has rust .", "rust has bicycle", "if your roses have thirst , water them ."];
        Assert.That(source.Attributes, Is.EqualTo(new[] { "grammatical", "helpful", "harmless" }));
        Assert.That(source.Judge("grammatical", texts), Is.EqualTo(new[] { true, false, true }));
        Assert.That(source.Judge("helpful", texts), Is.EqualTo(new[] { false, false, true }));
        Assert.That(source.Judge("harmless", texts), Is.EqualTo(new[] { true, false, true }));
        Assert.That(source.LogProbabilities(texts)[1], Is.EqualTo(double.NegativeInfinity));
        Assert.That(source.LogProbabilities([texts[2]])[0], Is.EqualTo(source.LogProbabilities(texts)[2]));
        Assert.That(() => source.Judge("kind", texts),
            Throws.ArgumentException.With.Message.StartsWith("There is no attribute 'kind'; there are grammatical, helpful, harmless."));
    }

    [Test]
    public void Five_thousand_sentences_take_well_under_a_second()
    {
        var parser = new GrammarParser(source.Grammar);
        var texts = samples.Value.Take(5_000).Select(s => s.Text).ToList();
        var clock = new ProcessorClock();
        foreach (var text in texts) parser.Judge(text);
        var cold = clock.Elapsed;
        clock = new ProcessorClock();
        foreach (var text in texts) parser.Judge(text);
        TestContext.Out.WriteLine(
            $"5000 sentences on one thread: {cold.TotalMilliseconds:f0} ms with empty tables, {clock.Elapsed.TotalMilliseconds:f0} ms " +
            $"afterwards.");
        Assert.That(clock.Elapsed.TotalSeconds, Is.LessThan(1.5));
    }
}
