using TextGan.Data.Teachers;

namespace TextGan.Data;

/// <summary>
/// A file of prompts and a teacher's answers to them, which are the real texts: with the loss "bradley-terry" a discriminator tells the
/// teacher's answer from the generator's answer to the same prompt (generative adversarial distillation, Ye et al. 2511.10643), and
/// "pretraining" on the set is sequence-level distillation (Kim and Rush 1606.07947). Each prompt is answered once, and answers are shared
/// by runs. Where the experiment's tokenizer is that of a teacher of the kind "language-model", an answer keeps the ids that it was drawn
/// as. Of other teachers each run of blanks and line breaks in an answer becomes one blank. Answers that are in a file are read by the kind
/// "text".
/// </summary>
public sealed record TeacherAnswersDataOptions : DataOptions
{
    /// <summary>
    /// The prompts: a file with one per line, or JSON lines with "prompt" (a string, or an array of messages as in preference sets), plain
    /// or gzip. A relative path starts at the folder of the experiment file.
    /// </summary>
    [Required]
    public string Path { get; init; } = "";

    /// <summary>Who answers: a teacher of the kind "language-model" or "chat".</summary>
    [Required]
    public TeacherOptions Teacher { get; init; } = null!;

    /// <summary>
    /// How the generator and discriminators read a prompt, as 'template' of the kind "text"; null (default): as it is. What the teacher
    /// reads is the teacher's business.
    /// </summary>
    public ChatTemplate? Template { get; init; }

    /// <summary>
    /// The share of the prompts, 0 to 0.99, that is picked at random and held out with its answers; at least one if above 0. Default 0.
    /// </summary>
    [Range(0.0, 0.99)]
    public double HeldOut { get; init; }

    /// <summary>The seed of the pick. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>At most this many prompts are read, from the beginning of the file; null (default) means all.</summary>
    [Range(1, int.MaxValue)]
    public int? Limit { get; init; }

    public override bool HasRejected => false;

    public override bool HasNoExactSource => true;

    public override bool HasNoHeldOut => HeldOut == 0;

    public override IEnumerable<Problem> Validate(string path)
    {
        if (Teacher is { CanAnswer: false })
            yield return new Problem($"{path}.teacher",
                "this kind of teacher does not answer prompts; take \"language-model\" or \"chat\".");
    }

    public override (string Prompt, bool HasControls) PromptOf(string question) => ChatTemplates.PromptOf(Template, question);

    public override DataSet Load(DataContext context)
    {
        var file = InputFile.Resolve(context.BaseFolder, Path);
        string[] prompts = [.. PromptFile.Read(file).Select(one => one.Prompt).Take(Limit ?? int.MaxValue)];
        var (answers, ids) = Answers(prompts, context);
        var heldOut = HeldOut == 0 ? 0 : Math.Max(1, (int)Math.Round(HeldOut * prompts.Length, MidpointRounding.AwayFromZero));
        if (heldOut >= prompts.Length)
            throw new InvalidInputException(file,
                $"With {Amount.Of(prompts.Length, "prompt")} in all, nothing would be left for training.");
        bool[] isHeldOut = [.. new HeldOutPick(prompts.Length, heldOut, Seed).Walk()];
        var empty = answers?.Count(string.IsNullOrWhiteSpace) ?? 0;
        return new DataSet(context.Name, Split(false), Split(true),
            $"{Amount.Of(prompts.Length - heldOut, "prompt")} and {heldOut:N0} held out from {file}, " +
            (answers is null ? "not answered yet" : $"answered by the teacher{(empty > 0 ? $" ({empty:N0} answers are empty)" : "")}"))
        { IsStandIn = answers is null };

        DataSplit Split(bool side)
        {
            int[] rows = [.. Enumerable.Range(0, prompts.Length).Where(i => isHeldOut[i] == side)];
            return new([.. rows.Select(i => (answers ?? prompts)[i])], Prompts: [.. rows.Select(i => PromptOf(prompts[i]).Prompt)])
            {
                HasControls = Template is not null, Drawn = ids is null ? null : [.. rows.Select(i => ids[i])],
            };
        }
    }

    /// <summary>The answers, and the ids that they were drawn as; null where nobody is asked, because nothing is trained.</summary>
    (IReadOnlyList<string>? Texts, IReadOnlyList<int[]>? Ids) Answers(string[] prompts, DataContext context)
    {
        if (Teacher is LanguageModelTeacherOptions model) // whose answers runs share as ids
        {
            var encoder = model.Encoder(context.ForTeacher(CPU));
            var drawn = context.Drawn(() =>
            {
                using var teacher = (LanguageModelTeacher)model.Build(context.ForTeacher(context.Device()));
                return teacher.AnswerIds(prompts);
            });
            return (drawn?.Select(row => encoder.Tokenizer.Decode(row)).ToArray(), drawn);
        }
        if (Teacher.AsksOutside && context.ReplyFolder is null) return (null, null);
        using var other = Teacher.BuildChecked(context.ForTeacher(context.Device()));
        return ([.. other.Answer(prompts).Select(PreferenceLineParser.Fold)], null);
    }
}
