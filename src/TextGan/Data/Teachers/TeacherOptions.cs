namespace TextGan.Data.Teachers;

/// <summary>A teacher: who labels, scores, compares or answers in place of a person.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RuleTeacherOptions), "rule")]
[JsonDerivedType(typeof(ModelTeacherOptions), "model")]
[JsonDerivedType(typeof(ChatTeacherOptions), "chat")]
public abstract record TeacherOptions : ComponentOptions<TeacherContext, Teacher>
{
    /// <summary>Whether it says of a text whether it has a property.</summary>
    public virtual bool CanLabel => false;

    /// <summary>Whether it says which of two texts is better.</summary>
    public virtual bool CanPrefer => false;

    /// <summary>Whether it answers prompts.</summary>
    public virtual bool CanAnswer => false;

    /// <summary>Whether it asks somebody outside of this program, which only a run does.</summary>
    public virtual bool AsksOutside => false;
}

/// <summary>What a teacher is built from beside its options.</summary>
/// <param name="BaseFolder">Where relative paths in the options start.</param>
/// <param name="Device">Where its models compute.</param>
public sealed record TeacherContext(string BaseFolder, Device Device)
{
    /// <summary>Tokens of a row, prompt and text together; null: as many as a model reads.</summary>
    public int? Length { get; init; }

    /// <summary>The most tokens of a prompt; null: half of a row.</summary>
    public int? PromptLength { get; init; }

    /// <summary>Where replies from outside are kept for all runs; null: in memory alone.</summary>
    public string? ReplyFolder { get; init; }

    /// <summary>Whether somebody outside may be asked; else only replies that are kept are given. Default true.</summary>
    public bool MayAsk { get; init; } = true;

    /// <summary>Hears what is worth knowing about replies.</summary>
    public Action<string> Say { get; init; } = _ => { };

    /// <summary>Gives the experiment's data set of this name.</summary>
    public Func<string, DataSet> DataSet { get; init; } = name => throw new InvalidOperationException($"There is no data set '{name}'.");
}
