namespace TextGan.Data.Grammar;

/// <summary>
/// A probabilistic grammar without recursion whose derivations carry features. A derivation starts from the rule
/// <see cref="Start"/> with no feature bound and always expands the leftmost rule: one of the alternatives whose constraints hold
/// is chosen with probability proportional to its weight, and binds the features it names for everything to its right. So words
/// that are far apart agree, and meaning can be read from the features when the sentence is complete.
/// </summary>
public sealed class PhraseGrammar
{
    readonly IReadOnlyList<Alternative>[] rules;
    readonly Dictionary<string, int> wordIds;

    internal PhraseGrammar(FeatureTable features, IReadOnlyList<string> ruleNames, IReadOnlyList<Alternative>[] rules,
        IReadOnlyList<string> words, IReadOnlyList<AttributeRule> attributes, int start)
    {
        (Features, RuleNames, this.rules, Words, Attributes, Start) = (features, ruleNames, rules, words, attributes, start);
        wordIds = words.Select((word, id) => (word, id)).ToDictionary(pair => pair.word, pair => pair.id);
        Mentioned = MentionedFeatures();
    }

    public FeatureTable Features { get; }

    public IReadOnlyList<string> RuleNames { get; }

    /// <summary>Every word that a sentence can have, punctuation included.</summary>
    public IReadOnlyList<string> Words { get; }

    public IReadOnlyList<AttributeRule> Attributes { get; }

    /// <summary>The number of the rule that a sentence is derived from.</summary>
    public int Start { get; }

    /// <summary>For each rule the bits of the features that it or a rule below it names: nothing else can change what it derives.</summary>
    public IReadOnlyList<UInt128> Mentioned { get; }

    public IReadOnlyList<Alternative> AlternativesOf(int rule) => rules[rule];

    /// <summary>Whether a word is known; gives its number.</summary>
    internal bool TryGetWord(ReadOnlySpan<char> word, out int id) =>
        wordIds.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out id);

    /// <summary>Draws one sentence.</summary>
    /// <exception cref="InvalidOperationException">The grammar has a dead end: no alternative of a rule fits the features bound so
    /// far.</exception>
    public GrammarSentence Sample(SeededRandom random)
    {
        var words = new List<string>();
        var features = UInt128.Zero;
        var logProbability = 0.0;
        var pending = new Stack<int>();
        pending.Push(Start);
        while (pending.TryPop(out var symbol))
        {
            if (symbol < 0)
            {
                words.Add(Words[~symbol]);
                continue;
            }
            var (chosen, after, probability) = Choose(symbol, features, random);
            features = after;
            logProbability += Math.Log(probability);
            for (var i = chosen.Symbols.Length - 1; i >= 0; i--) pending.Push(chosen.Symbols[i]);
        }
        return new GrammarSentence(string.Join(' ', words), features, logProbability);
    }

    (Alternative Chosen, UInt128 After, double Probability) Choose(int rule, UInt128 features, SeededRandom random)
    {
        var total = TotalWeight(rule, features);
        var threshold = random.NextDouble() * total;
        (Alternative, UInt128, double)? last = null;
        foreach (var alternative in rules[rule])
        {
            var after = features;
            if (!alternative.TryApply(ref after)) continue;
            last = (alternative, after, alternative.Weight / total);
            threshold -= alternative.Weight;
            if (threshold < 0) break;
        }
        return last ?? throw new InvalidOperationException($"No alternative of the rule {RuleNames[rule]} fits {Features.Show(features)}.");
    }

    /// <summary>The sum of the weights of the alternatives whose constraints hold.</summary>
    internal double TotalWeight(int rule, UInt128 features)
    {
        var total = 0.0;
        foreach (var alternative in rules[rule])
        {
            var after = features;
            if (alternative.TryApply(ref after)) total += alternative.Weight;
        }
        return total;
    }

    UInt128[] MentionedFeatures()
    {
        var result = new UInt128?[rules.Length];
        UInt128 Visit(int rule)
        {
            if (result[rule] is { } known) return known;
            var mask = UInt128.Zero;
            foreach (var alternative in rules[rule])
            {
                foreach (var constraint in alternative.Constraints) mask |= FeatureTable.Mask(constraint.Feature);
                foreach (var symbol in alternative.Symbols.Where(symbol => symbol >= 0)) mask |= Visit(symbol);
            }
            result[rule] = mask;
            return mask;
        }
        return [.. Enumerable.Range(0, rules.Length).Select(Visit)];
    }
}
