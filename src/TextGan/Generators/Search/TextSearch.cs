using TextGan.Native;

namespace TextGan.Generators.Search;

/// <summary>
/// Looks for texts of high reward among those of a generator. B searches advance together, so that the generator reads a batch in each
/// step. Dropout is off; no gradient is kept; what is random comes from the global random state.
/// </summary>
/// <param name="opening">So many first tokens are drawn from the generator before the search, where texts have no prompts.</param>
public abstract class TextSearch(int opening)
{
    /// <summary>Whether it needs <see cref="SearchRequest.Value"/>.</summary>
    public virtual bool NeedsValue => false;

    /// <summary>Finds a text for each of the request's B.</summary>
    public FoundTexts Find(SearchRequest request)
    {
        if (NeedsValue && request.Value is null)
            throw new ArgumentException("This search needs the value of beginnings.", nameof(request));
        using var gradients = no_grad();
        using var evaluation = new EvaluationMode(request.Generator);
        using var copies = RoundedWeights.Keep();
        using var scope = NewDisposeScope();
        using var session = new SearchSession(request, opening);
        var chosen = Choose(session);
        PluginComponent.OfBuilt(this)?.NotNull(this, nameof(Choose), chosen);
        return session.Found(chosen).MoveToOuterDisposeScope();
    }

    /// <summary>Searches → for each of the B texts the number, from 0, that it had among those that the session judged.</summary>
    protected abstract IReadOnlyList<int> Choose(SearchSession session);
}
