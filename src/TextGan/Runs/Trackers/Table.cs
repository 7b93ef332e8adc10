namespace TextGan.Runs.Trackers;

/// <summary>Columns of equal length.</summary>
sealed record Table(IReadOnlyList<TableColumn> Columns)
{
    public int Rows => Columns[0].Count;
}

/// <summary>A column: its name and its values, which may be missing where it <see cref="MayMiss"/>.</summary>
abstract record TableColumn(string Name, bool MayMiss)
{
    public abstract int Count { get; }

    public abstract object? this[int row] { get; }
}

/// <inheritdoc/>
sealed record TableColumn<T>(string Name, IReadOnlyList<T> Values, bool MayMiss = false) : TableColumn(Name, MayMiss)
{
    public override int Count => Values.Count;

    public override object? this[int row] => Values[row];
}
