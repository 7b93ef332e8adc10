using TextGan.Generators;
using TextGan.Generators.Sampling;

namespace TextGan.Data.Teachers;

/// <summary>Answers prompts by drawing from a model.</summary>
/// <param name="model">The model; disposed of with this.</param>
/// <param name="encoder">Its tokenizer, and the tokens of a row.</param>
/// <param name="options">How it reads prompts, and how answers are drawn.</param>
public sealed class ModelTeacher(Generator model, TextEncoder encoder, ModelTeacherOptions options) : Teacher
{
    /// <summary>Answers drawn at a time.</summary>
    const int AtOnce = 64;

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
