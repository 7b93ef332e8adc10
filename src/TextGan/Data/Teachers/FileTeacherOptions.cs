namespace TextGan.Data.Teachers;

/// <summary>
/// Labels of a file: JSON lines with "text", "label" (true or false) and, optionally, "prompt". A text that is not there gets no label; it
/// is written to teachers/DISCRIMINATOR/to-label.jsonl in the run's folder with "label": null, so that somebody can fill in the labels and
/// append them to the file for another run (the file is part of what a run is).
/// </summary>
public sealed record FileTeacherOptions : TeacherOptions
{
    /// <summary>The file; a relative path starts at the folder of the experiment file. Lines with "label": null are passed over.</summary>
    [Required]
    public string Path { get; init; } = "";

    public override bool CanLabelSome => true;

    public override bool IsAutomatic => false;

    public override void Check(TeacherContext context) => Read(context);

    public override Teacher Build(TeacherContext context) =>
        new FileTeacher(Read(context), LabelFile.In(context.NotesFolder, "to-label.jsonl"));

    Dictionary<TeacherText, bool?> Read(TeacherContext context) => LabelFile.Read(InputFile.Resolve(context.BaseFolder, Path));
}

/// <summary>Gives the labels that it knows.</summary>
/// <param name="labels">The labels.</param>
/// <param name="unknown">Takes the texts that have none; null: nothing does.</param>
public sealed class FileTeacher(IReadOnlyDictionary<TeacherText, bool?> labels, LabelFile? unknown) : Teacher
{
    public override IReadOnlyList<bool?> LabelSome(IReadOnlyList<TeacherText> texts) => [.. texts.Select(LabelFile.KeyOf).Select(text =>
    {
        if (labels.TryGetValue(text, out var label) && label is not null) return label;
        if (unknown?.Labels.ContainsKey(text) == false) unknown.Add(text, null);
        return null;
    })];
}
