using TorchSharp;

namespace TextGan.Data.Grammar;

/// <summary>A grammar as an exact source: the log-probability of texts, whether they are grammatical, and their attributes.</summary>
public sealed class GrammarSource : IExactSource
{
    /// <summary>The attribute that every text with a derivation has.</summary>
    public const string Grammatical = "grammatical";

    readonly GrammarParser parser;

    public GrammarSource(PhraseGrammar grammar)
    {
        parser = new GrammarParser(grammar);
        Attributes = [Grammatical, .. grammar.Attributes.Select(attribute => attribute.Name)];
    }

    public PhraseGrammar Grammar => parser.Grammar;

    public IReadOnlyList<string> Attributes { get; }

    public IReadOnlyList<double> LogProbabilities(IReadOnlyList<string> texts) =>
        [.. Judge(texts).Select(judgement => judgement.LogProbability)];

    /// <exception cref="ArgumentException">There is no such attribute.</exception>
    public IReadOnlyList<bool> Judge(string attribute, IReadOnlyList<string> texts)
    {
        var index = Attributes.ToList().IndexOf(attribute) - 1; // before those of the grammar stands "grammatical"
        if (index < -1)
            throw new ArgumentException($"There is no attribute '{attribute}'; there are {string.Join(", ", Attributes)}.",
                nameof(attribute));
        return [.. Judge(texts).Select(judgement => index < 0 ? judgement.IsGrammatical : judgement.Attributes[index])];
    }

    /// <summary>All that the grammar says of each text, on all cores.</summary>
    public GrammarJudgement[] Judge(IReadOnlyList<string> texts)
    {
        var judgements = new GrammarJudgement[texts.Count];
        Parallel.For(0, texts.Count, new() { MaxDegreeOfParallelism = torch.get_num_threads() },
            i => judgements[i] = parser.Judge(texts[i]));
        return judgements;
    }
}
