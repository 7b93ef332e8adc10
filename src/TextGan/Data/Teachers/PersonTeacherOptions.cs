namespace TextGan.Data.Teachers;

/// <summary>
/// A person at the terminal, who says of a text whether it has the property (y or n), or nothing (s). Only a run that shows its progress
/// on a terminal can ask. Answers are kept in teachers/DISCRIMINATOR/labels.jsonl of the run's folder, so that a run that is resumed
/// asks nothing twice; the kind "file" reads it in other runs.
/// </summary>
public sealed record PersonTeacherOptions : TeacherOptions
{
    /// <summary>What is asked. Default: "Does this text have the property?"</summary>
    public string Question { get; init; } = "Does this text have the property?";

    public override bool CanLabelSome => true;

    public override bool IsAutomatic => false;

    public override Teacher Build(TeacherContext context) => new PersonTeacher(
        text => (context.Ask ?? throw new InvalidOperationException("There is nobody to ask."))(Question, text),
        LabelFile.In(context.NotesFolder, "labels.jsonl"));
}

/// <summary>Asks a person, about no text twice.</summary>
/// <param name="ask">Gives the answer; null for none.</param>
/// <param name="answers">What was answered before, in this run or an earlier part of it; null: nothing is kept.</param>
public sealed class PersonTeacher(Func<TeacherText, bool?> ask, LabelFile? answers) : Teacher
{
    public override IReadOnlyList<bool?> LabelSome(IReadOnlyList<TeacherText> texts) => [.. texts.Select(LabelFile.KeyOf).Select(text =>
    {
        if (answers?.Labels.TryGetValue(text, out var known) == true) return known;
        var answer = ask(text);
        answers?.Add(text, answer);
        return answer;
    })];
}

/// <summary>Asks a person a question about a text; null is no answer.</summary>
public delegate bool? AskPerson(string question, TeacherText text);
