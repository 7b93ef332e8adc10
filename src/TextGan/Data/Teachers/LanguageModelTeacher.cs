using TextGan.Generators;
using TextGan.Generators.Sampling;
using TextGan.Native;

namespace TextGan.Data.Teachers;

/// <summary>Scores texts by their log-likelihood under a model, and answers prompts by drawing from it.</summary>
public sealed class LanguageModelTeacher : Teacher
{
    /// <summary>Answers drawn at a time.</summary>
    const int AtOnce = 64;

    readonly Generator model;
    readonly TextEncoder encoder;
    readonly LanguageModelTeacherOptions options;

    /// <param name="model">Disposed of with this.</param>
    /// <param name="encoder">Its tokenizer, and the tokens of a row.</param>
    /// <param name="options">How texts are scored and answers drawn.</param>
    public LanguageModelTeacher(Generator model, TextEncoder encoder, LanguageModelTeacherOptions options)
    {
        (this.model, this.encoder, this.options) = (model, encoder, options);
        DropoutSwitch.TurnOff(model);
    }

    public override IReadOnlyList<bool> Label(IReadOnlyList<TeacherText> texts) => options.Above is { } threshold
        ? [.. Score(texts).Select(score => score > threshold)] : base.Label(texts);

    /// <summary>NaN of a text of which the model reads nothing.</summary>
    public override IReadOnlyList<double> Score(IReadOnlyList<TeacherText> texts) =>
        [.. TextLikelihood.Of(model, encoder.Tokenizer, [.. texts.Select(RowOf)], options.Temperature)
            .Select(text => text.PerToken(power: options.LengthPower))];

    /// <summary>The ids of prompt and text, as many as there is room for; no end behind a text that was cut.</summary>
    EncodedText RowOf(TeacherText text)
    {
        var prompt = text.Prompt is { } before ? encoder.Tokenizer.Encode(before) : [];
        var (kept, own) = (Math.Min(prompt.Count, encoder.PromptLength), encoder.Tokenizer.Encode(text.Text));
        var room = encoder.Length - kept;
        return new(prompt, kept, own, text.Ended ? room : Math.Min(room, own.Count));
    }

    public override IReadOnlyList<string> Answer(IReadOnlyList<string> prompts) =>
        [.. AnswerIds(prompts).Select(ids => encoder.Tokenizer.Decode(ids))];

    /// <summary>The answers as they were drawn, without an end: decoded and encoded again, a text may have other ids.</summary>
    public IReadOnlyList<int[]> AnswerIds(IReadOnlyList<string> prompts)
    {
        var random = new SeededRandom(options.Seed, "answers");
        var answers = new List<int[]>(prompts.Count);
        foreach (var chunk in prompts.Chunk(AtOnce))
        {
            using var scope = NewDisposeScope();
            manual_seed((long)(random.Next() >> 1));
            var drawn = Sampler.Sample(model, options.Sampling, chunk.Length, encoder.Length, encoder.Tokenizer.StartId,
                encoder.Tokenizer.EndId, PromptBatch.Of([.. chunk.Select(PromptIds)]), encoder.Tokenizer.PaddingId);
            answers.AddRange(encoder.Responses(drawn.Tokens));
        }
        return answers;
    }

    int[] PromptIds(string prompt)
    {
        var (text, hasControls) = ChatTemplates.PromptOf(options.Template, prompt);
        return [.. encoder.EncodePrompt(text, hasControls).TakeLast(encoder.PromptLength)];
    }

    protected override void Release() => model.Dispose();
}
