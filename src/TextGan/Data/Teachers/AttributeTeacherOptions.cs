namespace TextGan.Data.Teachers;

/// <summary>
/// The truth about an attribute, by the definition of a data set's exact source; a text that has it is better than one that lacks it.
/// </summary>
public sealed record AttributeTeacherOptions : TeacherOptions
{
    /// <summary>The data set.</summary>
    [Required]
    public string Data { get; init; } = "";

    /// <summary>The attribute; the grammar has "grammatical", "helpful" and "harmless".</summary>
    [Required]
    public string Attribute { get; init; } = "";

    public override bool CanLabel => true;

    public override bool CanPrefer => true;

    public override string? ReadsData => Data;

    public override void Check(TeacherContext context) => Source(context);

    public override Teacher Build(TeacherContext context) => new AttributeTeacher(Source(context), Attribute);

    IExactSource Source(TeacherContext context) => context.DataSet(Data).SourceOf(Attribute, context.Place);
}

/// <summary>Says of a text whether it has an attribute of an exact source, and scores it 1 or 0.</summary>
public sealed class AttributeTeacher(IExactSource source, string attribute) : Teacher
{
    public override IReadOnlyList<bool> Label(IReadOnlyList<TeacherText> texts) =>
        source.Judge(attribute, [.. texts.Select(one => one.Text)]);

    public override IReadOnlyList<double> Score(IReadOnlyList<TeacherText> texts) => [.. Label(texts).Select(has => has ? 1.0 : 0)];
}
