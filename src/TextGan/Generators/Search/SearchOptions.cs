namespace TextGan.Generators.Search;

/// <summary>How texts of high reward are looked for among those of a generator.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(BestOfNOptions), "best-of-n")]
[JsonDerivedType(typeof(BeamOptions), "beam")]
[JsonDerivedType(typeof(GuidedOptions), "guided")]
[JsonDerivedType(typeof(TreeOptions), "tree")]
public abstract record SearchOptions : ComponentOptions<BuildContext, TextSearch>
{
    /// <summary>
    /// So many first tokens of each text are drawn from the generator, and the search begins behind them. Without prompts, a search that
    /// draws nothing itself would find the same text every time. Texts with prompts have no opening. Default 0.
    /// </summary>
    [Range(0, 65_535)]
    public int Opening { get; init; }

    /// <summary>Whether it needs a learnt value of beginnings.</summary>
    public virtual bool NeedsValue => false;

    /// <summary>The same search with another budget: n, width, candidates or simulations.</summary>
    public abstract SearchOptions WithBudget(int budget);
}
