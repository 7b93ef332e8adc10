namespace TextGan.Generators.Search;

/// <summary>Draws n texts for each and keeps the best.</summary>
public sealed class BestOfN(int n, int opening = 0) : TextSearch(opening)
{
    /// <summary>Texts that are drawn at once.</summary>
    const int MostRows = 1024;

    protected override IReadOnlyList<int> Choose(SearchSession session)
    {
        int[] open = [.. session.Open().SelectMany(owners => owners).Order()];
        var atOnce = Math.Max(1, MostRows / session.Request.Batch); // of each search
        for (var drawn = 0; drawn < n && open.Length > 0; drawn += atOnce)
        {
            using var scope = NewDisposeScope();
            int[] owners = [.. open.SelectMany(owner => Enumerable.Repeat(owner, Math.Min(atOnce, n - drawn)))];
            var (_, texts) = session.Read([.. owners.Select(owner => session.Roots[owner])], owners, session.Request.Length);
            session.Judge(texts, owners, areNodes: true);
        }
        return session.Best;
    }
}
