using System.Collections.Concurrent;

namespace TextGan.Data.Grammar;

/// <summary>
/// Exact probabilities and attributes of texts under a <see cref="PhraseGrammar"/>. A text is read from left to right with all its
/// partial derivations at once: each is a probability, a stack of symbols still to come, and the features bound so far. What a
/// rule can begin with depends on the few features that it mentions and is worked out once (<see cref="Opening"/>), so a word
/// costs a look-up for each partial derivation, of which there are rarely more than a handful. Safe to use from many threads.
/// </summary>
public sealed class GrammarParser(PhraseGrammar grammar)
{
    readonly ConcurrentDictionary<(int Rule, UInt128 Features), Opening> openings = new();

    public PhraseGrammar Grammar { get; } = grammar;

    /// <summary>Judges one text.</summary>
    public GrammarJudgement Judge(string text)
    {
        var states = new List<State> { new(1, new Pending(Grammar.Start, null), 0) };
        var next = new List<State>();
        foreach (var range in text.AsSpan().Split(' '))
        {
            if (!Grammar.TryGetWord(text.AsSpan(range), out var word)) return Ungrammatical();
            next.Clear();
            foreach (var state in states) Advance(state.Probability, state.Stack, state.Features, word, next);
            if (next.Count == 0) return Ungrammatical();
            (states, next) = (next, states);
        }
        next.Clear();
        foreach (var state in states) Finish(state.Probability, state.Stack, state.Features, next);
        return next.Count == 0 ? Ungrammatical() : Verdict(next);
    }

    GrammarJudgement Ungrammatical() => new(double.NegativeInfinity, new bool[Grammar.Attributes.Count], 0, true);

    GrammarJudgement Verdict(List<State> complete)
    {
        var total = complete.Sum(state => state.Probability);
        var attributes = new bool[Grammar.Attributes.Count];
        var unanimous = true;
        for (var a = 0; a < attributes.Length; a++)
        {
            var holding = complete.Where(state => Grammar.Attributes[a].Holds(state.Features)).ToList();
            unanimous &= holding.Count == 0 || holding.Count == complete.Count;
            attributes[a] = holding.Sum(state => state.Probability) > total / 2;
        }
        return new GrammarJudgement(Math.Log(total), attributes, complete.Count, unanimous);
    }

    /// <summary>Adds the states after a word to <paramref name="next"/>.</summary>
    void Advance(double probability, Pending? stack, UInt128 features, int word, List<State> next)
    {
        if (stack is null) return;
        if (stack.Symbol < 0)
        {
            if (stack.Symbol == ~word) AddTo(next, new State(probability, stack.Next, features));
            return;
        }
        var mentioned = Grammar.Mentioned[stack.Symbol];
        var opening = OpeningOf(stack.Symbol, features & mentioned);
        if (opening.Steps.TryGetValue(word, out var steps))
            foreach (var step in steps)
                AddTo(next, new State(probability * step.Probability, Push(step.Rest, stack.Next),
                    (features & ~mentioned) | step.Features));
        foreach (var nothing in opening.Nothing)
            Advance(probability * nothing.Probability, stack.Next, (features & ~mentioned) | nothing.Features, word, next);
    }

    /// <summary>Adds to <paramref name="complete"/> the ways in which what is still to come can be nothing.</summary>
    void Finish(double probability, Pending? stack, UInt128 features, List<State> complete)
    {
        if (stack is null)
        {
            AddTo(complete, new State(probability, null, features));
            return;
        }
        if (stack.Symbol < 0) return;
        var mentioned = Grammar.Mentioned[stack.Symbol];
        foreach (var nothing in OpeningOf(stack.Symbol, features & mentioned).Nothing)
            Finish(probability * nothing.Probability, stack.Next, (features & ~mentioned) | nothing.Features, complete);
    }

    /// <summary>States that differ in nothing but the way they came about are one.</summary>
    static void AddTo(List<State> states, State state)
    {
        for (var i = 0; i < states.Count; i++)
        {
            if (states[i].Features != state.Features || !Pending.Same(states[i].Stack, state.Stack)) continue;
            states[i] = states[i] with { Probability = states[i].Probability + state.Probability };
            return;
        }
        states.Add(state);
    }

    static Pending? Push(int[] symbols, Pending? stack)
    {
        for (var i = symbols.Length - 1; i >= 0; i--) stack = new Pending(symbols[i], stack);
        return stack;
    }

    Opening OpeningOf(int rule, UInt128 features) =>
        openings.GetOrAdd((rule, features), static (key, parser) => parser.WorkOut(key.Rule, key.Features), this);

    Opening WorkOut(int rule, UInt128 features)
    {
        var steps = new Dictionary<int, List<Step>>();
        var nothing = new List<Step>();
        var total = Grammar.TotalWeight(rule, features);
        foreach (var alternative in Grammar.AlternativesOf(rule))
        {
            var after = features;
            if (alternative.TryApply(ref after)) Walk(alternative.Symbols, 0, alternative.Weight / total, after, steps, nothing);
        }
        return new Opening(steps.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray()), [.. nothing]);
    }

    void Walk(int[] symbols, int at, double probability, UInt128 features, Dictionary<int, List<Step>> steps, List<Step> nothing)
    {
        if (at == symbols.Length)
        {
            nothing.Add(new Step(probability, [], features));
            return;
        }
        if (symbols[at] < 0)
        {
            Add(~symbols[at], new Step(probability, symbols[(at + 1)..], features));
            return;
        }
        var mentioned = Grammar.Mentioned[symbols[at]];
        var opening = OpeningOf(symbols[at], features & mentioned);
        foreach (var (word, inner) in opening.Steps)
            foreach (var step in inner)
                Add(word, new Step(probability * step.Probability, [.. step.Rest, .. symbols[(at + 1)..]],
                    (features & ~mentioned) | step.Features));
        foreach (var empty in opening.Nothing)
            Walk(symbols, at + 1, probability * empty.Probability, (features & ~mentioned) | empty.Features, steps, nothing);

        void Add(int word, Step step)
        {
            if (!steps.TryGetValue(word, out var list)) steps.Add(word, list = []);
            list.Add(step);
        }
    }

    /// <summary>How a rule can begin under given features: by word, and by no word at all.</summary>
    sealed record Opening(Dictionary<int, Step[]> Steps, Step[] Nothing);

    /// <summary>One such beginning: its probability, the symbols that are left of the rule, and its features afterwards.</summary>
    readonly record struct Step(double Probability, int[] Rest, UInt128 Features);

    readonly record struct State(double Probability, Pending? Stack, UInt128 Features);

    /// <summary>A stack of symbols still to come.</summary>
    sealed class Pending(int symbol, Pending? next)
    {
        readonly int hash = HashCode.Combine(symbol, next?.hash ?? 0);

        public int Symbol { get; } = symbol;
        public Pending? Next { get; } = next;

        public static bool Same(Pending? a, Pending? b)
        {
            for (; !ReferenceEquals(a, b); (a, b) = (a.Next, b.Next))
                if (a is null || b is null || a.hash != b.hash || a.Symbol != b.Symbol) return false;
            return true;
        }
    }
}
