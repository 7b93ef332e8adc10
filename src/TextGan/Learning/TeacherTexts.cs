using TextGan.Data.Teachers;
using TextGan.Learning.Updates;

namespace TextGan.Learning;

/// <summary>Texts as a teacher reads them.</summary>
static class TeacherTexts
{
    /// <summary>The response of each text, its prompt if there are prompts, and whether it ended.</summary>
    public static TeacherText[] Of(TextBatch texts, TextEncoder encoder)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var prompts = texts.HasPrompts
            ? encoder.Decode(new PromptBatch(texts.Ids, (texts.Mask - texts.Response).sum(1).to_type(int64))) : null;
        var ended = encoder.Tokenizer.EndId is { } end ? TextFigures.EndedIn(texts, end).cpu().data<float>().ToArray() : null;
        return [.. encoder.Responses(texts).Select((row, i) =>
            new TeacherText(encoder.Tokenizer.Decode(row), prompts?[i], ended is null || ended[i] > 0))];
    }
}
