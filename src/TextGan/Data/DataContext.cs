namespace TextGan.Data;

/// <summary>What a data set is loaded with beside its options.</summary>
/// <param name="Name">The set's name in the experiment.</param>
/// <param name="BaseFolder">Relative paths in the options start here (the folder of the experiment file).</param>
/// <param name="Length">T: positions in a row of tokens; generated data (oracle) has this many tokens.</param>
public sealed record DataContext(string Name, string BaseFolder, int Length)
{
    /// <summary>Gives the experiment's device, where models that draw texts compute.</summary>
    public Func<Device> Device { get; init; } = () => CPU;

    /// <summary>
    /// Gives the rows of ids that a set draws from a model: those that were drawn before, or what the function draws. Null where nothing is
    /// to be drawn, because nothing is trained: any texts do then.
    /// </summary>
    public Func<Func<IReadOnlyList<int[]>>, IReadOnlyList<int[]>?> Drawn { get; init; } = draw => draw();

    /// <summary>Gives the data set that <see cref="DataOptions.MadeOf"/> names.</summary>
    public Func<string, DataSet> Other { get; init; } = name => throw new InvalidOperationException($"There is no data set '{name}'.");
}
