namespace TextGan.Reporting;

/// <summary>Lays panels of equal size out in rows and on pages.</summary>
static class PanelGrid
{
    /// <summary>Columns that suit a number of panels on one page.</summary>
    public static int Columns(int panels) => panels switch { <= 1 => 1, 2 or 4 => 2, <= 6 => 3, 7 or 8 => 4, _ => 3 };

    public static IReadOnlyList<FigureRow> Rows(IReadOnlyList<Panel> panels, int columns) =>
        [.. panels.Chunk(columns).Select(row => new FigureRow(row) { Columns = columns })];

    /// <summary>One figure, or several of about equal length with a number behind name and title.</summary>
    public static IEnumerable<Figure> Pages(string name, string title, IReadOnlyList<Panel> panels, int most, Func<Figure, Figure> finish)
    {
        if (panels.Count == 0)
            yield break;
        var pages = (panels.Count + most - 1) / most;
        var length = (panels.Count + pages - 1) / pages;
        foreach (var (page, chunk) in panels.Chunk(length).Index())
            yield return finish(new Figure(Paged(name, page), pages > 1 ? $"{title} ({page + 1} of {pages})" : title,
                Rows(chunk, Columns(chunk.Length))));
    }

    /// <summary>The name of a page's figure.</summary>
    /// <param name="name">That of the first.</param>
    /// <param name="page">From 0.</param>
    public static string Paged(string name, int page) => page == 0 ? name : $"{name}-{page + 1}";
}
