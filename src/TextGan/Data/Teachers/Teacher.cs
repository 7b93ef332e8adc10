namespace TextGan.Data.Teachers;

/// <summary>
/// Who knows better than the student: a model, a person, the truth. It reads strings, so that its tokens may be others than the student's.
/// What a kind cannot do (<see cref="TeacherOptions.CanLabel"/> and the like) is rejected when the JSON is read.
/// </summary>
public abstract class Teacher : IDisposable
{
    /// <summary>Whether each text has the property that the teacher knows of.</summary>
    public virtual IReadOnlyList<bool> Label(IReadOnlyList<TeacherText> texts) => throw Cannot("label texts");

    /// <summary>The same; null for a text about which it says nothing.</summary>
    public virtual IReadOnlyList<bool?> LabelSome(IReadOnlyList<TeacherText> texts) => [.. Label(texts).Select(label => (bool?)label)];

    /// <summary>A score for each text: the higher, the better.</summary>
    public virtual IReadOnlyList<double> Score(IReadOnlyList<TeacherText> texts) => throw Cannot("score texts");

    /// <summary>
    /// For each pair how much the first text is preferred: 1, 0, or 0.5 where neither is. By default the one with the higher score is;
    /// scores of equal texts may differ in their last bits, which says nothing.
    /// </summary>
    public virtual IReadOnlyList<double> Prefer(IReadOnlyList<(TeacherText First, TeacherText Second)> pairs)
    {
        var scores = Score([.. pairs.SelectMany(pair => (TeacherText[])[pair.First, pair.Second])]);
        return [.. Enumerable.Range(0, pairs.Count).Select(i =>
            pairs[i].First == pairs[i].Second ? 0.5 : Preference(scores[2 * i], scores[2 * i + 1]))];
    }

    /// <summary>How much the first of two scores is preferred: 1, 0, or 0.5 where neither is higher, as where one is NaN.</summary>
    public static double Preference(double first, double second) => first > second ? 1 : first < second ? 0 : 0.5;

    /// <summary>An answer to each prompt.</summary>
    public virtual IReadOnlyList<string> Answer(IReadOnlyList<string> prompts) => throw Cannot("answer prompts");

    /// <summary>Frees what it holds.</summary>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc cref="Dispose"/>
    protected virtual void Release()
    {
    }

    NotSupportedException Cannot(string what) => new($"A {GetType().Name} cannot {what}.");
}
