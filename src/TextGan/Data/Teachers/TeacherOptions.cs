namespace TextGan.Data.Teachers;

/// <summary>A teacher: who labels, scores, compares or answers in place of a person.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RuleTeacherOptions), "rule")]
[JsonDerivedType(typeof(FileTeacherOptions), "file")]
[JsonDerivedType(typeof(PersonTeacherOptions), "person")]
[JsonDerivedType(typeof(ChatTeacherOptions), "chat")]
[JsonDerivedType(typeof(AttributeTeacherOptions), "attribute")]
[JsonDerivedType(typeof(LanguageModelTeacherOptions), "language-model")]
public abstract record TeacherOptions : ComponentOptions<TeacherContext, Teacher>
{
    /// <summary>Whether it says of a text whether it has a property.</summary>
    public virtual bool CanLabel => false;

    /// <summary>Whether it can be asked for labels of some texts, of which it may leave some without one.</summary>
    public virtual bool CanLabelSome => CanLabel;

    /// <summary>
    /// Whether it answers whenever it is asked, at no cost but computing time, so that an evaluation may ask it, too.
    /// </summary>
    public virtual bool IsAutomatic => !AsksOutside;

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

    /// <summary>Whether it asks somebody outside of this program, which only a run does.</summary>
    public virtual bool AsksOutside => false;
}

/// <summary>What a teacher is built from beside its options.</summary>
/// <param name="BaseFolder">Where relative paths in the options start.</param>
/// <param name="Device">Where its models compute.</param>
public sealed record TeacherContext(string BaseFolder, Device Device)
{
    /// <summary>Where it may keep what it was told, a folder in that of the run; null outside of runs.</summary>
    public string? NotesFolder { get; init; }

    /// <summary>Asks a person; null where there is nobody.</summary>
    public AskPerson? Ask { get; init; }

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

    /// <summary>Where messages find it: the JSON path of its options.</summary>
    public string Place { get; init; } = "teacher";

    /// <summary>Gives the experiment's data set of this name.</summary>
    public Func<string, DataSet> DataSet { get; init; } = name => throw new InvalidOperationException($"There is no data set '{name}'.");
}
