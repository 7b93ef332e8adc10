namespace TextGan.Data.Teachers;

/// <summary>A teacher: who labels, scores, compares or answers in place of a person.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RuleTeacherOptions), "rule")]
[JsonDerivedType(typeof(AttributeTeacherOptions), "attribute")]
[JsonDerivedType(typeof(LanguageModelTeacherOptions), "language-model")]
public abstract record TeacherOptions : ComponentOptions<TeacherContext, Teacher>
{
    /// <summary>Whether it says of a text whether it has a property.</summary>
    public virtual bool CanLabel => false;

    /// <summary>Whether it says which of two texts is better.</summary>
    public virtual bool CanPrefer => false;

    /// <summary>Whether it answers prompts.</summary>
    public virtual bool CanAnswer => false;

    /// <summary>The data set that it reads, by name; null where it reads none. Its distribution must be known exactly.</summary>
    public virtual string? ReadsData => null;

    /// <summary>Throws <see cref="InvalidInputException"/> for what is wrong with files and data, without reading large ones.</summary>
    public virtual void Check(TeacherContext context)
    {
    }
}

/// <summary>What a teacher is built from beside its options.</summary>
/// <param name="BaseFolder">Where relative paths in the options start.</param>
/// <param name="Device">Where its models compute.</param>
public sealed record TeacherContext(string BaseFolder, Device Device)
{
    /// <summary>Where messages find it: the JSON path of its options.</summary>
    public string Place { get; init; } = "teacher";

    /// <summary>Gives the experiment's data set of this name.</summary>
    public Func<string, DataSet> DataSet { get; init; } = name => throw new InvalidOperationException($"There is no data set '{name}'.");
}
