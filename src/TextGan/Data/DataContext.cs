using TextGan.Data.Teachers;

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

    /// <summary>The most tokens of a prompt; null: half of a row.</summary>
    public int? PromptLength { get; init; }

    /// <summary>Where replies of teachers from outside are kept for all runs; null: nobody is asked, as nothing is trained.</summary>
    public string? ReplyFolder { get; init; }

    /// <summary>Whether teachers from outside may be asked; else only replies that are kept are there. Default true.</summary>
    public bool MayAsk { get; init; } = true;

    /// <summary>Hears what is worth knowing while the set is loaded.</summary>
    public Action<string> Say { get; init; } = _ => { };

    /// <summary>What a teacher of this set is built from.</summary>
    /// <param name="device">Where its models compute.</param>
    public TeacherContext ForTeacher(Device device) => new(BaseFolder, device)
    {
        Length = Length, PromptLength = PromptLength, ReplyFolder = ReplyFolder, MayAsk = MayAsk, Say = Say, DataSet = Other,
    };

    /// <summary>Gives a data set that <see cref="DataOptions.MadeOf"/> names.</summary>
    public Func<string, DataSet> Other { get; init; } = name => throw new InvalidOperationException($"There is no data set '{name}'.");
}
