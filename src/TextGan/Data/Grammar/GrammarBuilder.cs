namespace TextGan.Data.Grammar;

/// <summary>Collects features, rules and attributes, from texts or from code, and checks them as a whole.</summary>
public sealed class GrammarBuilder
{
    readonly List<string> ruleNames = [];
    readonly Dictionary<string, int> ruleIds = [];
    readonly List<List<Alternative>> rules = [];
    readonly List<string> words = [];
    readonly Dictionary<string, int> wordIds = [];
    readonly List<AttributeRule> attributes = [];

    public FeatureTable Features { get; } = new();

    /// <summary>The symbol of the rule of this name, which may get its alternatives later.</summary>
    public int Rule(string name)
    {
        if (ruleIds.TryGetValue(name, out var id)) return id;
        ruleIds.Add(name, ruleNames.Count);
        ruleNames.Add(name);
        rules.Add([]);
        return ruleNames.Count - 1;
    }

    /// <summary>The symbol of a word.</summary>
    public int Word(string word)
    {
        if (wordIds.TryGetValue(word, out var id)) return ~id;
        wordIds.Add(word, words.Count);
        words.Add(word);
        return ~(words.Count - 1);
    }

    /// <summary>The constraint that a feature has a value, both by name.</summary>
    public FeatureConstraint Is(string feature, string value)
    {
        var index = Features.Feature(feature);
        return new(index, Features.Value(index, value), false);
    }

    /// <summary>Adds an alternative to a rule.</summary>
    public void Add(string rule, double weight, IReadOnlyList<FeatureConstraint> constraints, int[] symbols)
    {
        if (weight is not > 0 || double.IsInfinity(weight))
            throw new ArgumentException($"The weight {weight} of an alternative of {rule} is not a positive number.");
        rules[Rule(rule)].Add(new Alternative(weight, constraints, symbols));
    }

    public void Add(AttributeRule attribute) => attributes.Add(attribute);

    /// <summary>Whether a rule of this name has an alternative.</summary>
    public bool Defines(string rule) => ruleIds.TryGetValue(rule, out var id) && rules[id].Count > 0;

    /// <summary>The grammar whose sentences are derived from the rule <paramref name="start"/>.</summary>
    /// <exception cref="ArgumentException">A rule has no alternative, is never reached from the start, or contains itself.</exception>
    public PhraseGrammar Build(string start)
    {
        if (!Defines(start)) throw new ArgumentException($"There is no rule {start} to start from.");
        var (open, done) = (new HashSet<int>(), new HashSet<int>());
        void Visit(int rule)
        {
            if (done.Contains(rule)) return;
            if (rules[rule].Count == 0) throw new ArgumentException($"The rule {ruleNames[rule]} is used and has no alternative.");
            if (!open.Add(rule))
                throw new ArgumentException($"The rule {ruleNames[rule]} contains itself: sentences would have no longest length.");
            foreach (var symbol in rules[rule].SelectMany(alternative => alternative.Symbols).Where(symbol => symbol >= 0)) Visit(symbol);
            open.Remove(rule);
            done.Add(rule);
        }
        Visit(Rule(start));
        var unused = ruleNames.Where((_, rule) => !done.Contains(rule)).ToList();
        if (unused.Count > 0) throw new ArgumentException($"Never reached from {start}: {string.Join(", ", unused)}.");
        return new PhraseGrammar(Features, ruleNames, [.. rules], words, attributes, Rule(start));
    }
}
