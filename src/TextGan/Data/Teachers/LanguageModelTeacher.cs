using TextGan.Generators;
using TextGan.Native;

namespace TextGan.Data.Teachers;

/// <summary>Scores a text by its log-likelihood under a model.</summary>
public sealed class LanguageModelTeacher : Teacher
{
    /// <summary>Texts in one forward pass.</summary>
    const int AtOnce = 64;

    readonly Generator model;
    readonly ITokenizer tokenizer;
    readonly double temperature, lengthPower;
    readonly double? above;

    /// <param name="model">Disposed of with this.</param>
    /// <param name="tokenizer">The model's.</param>
    /// <param name="temperature">What logits are divided by.</param>
    /// <param name="lengthPower">α of <see cref="LogLikelihood.OfTexts"/>.</param>
    /// <param name="above">The score above which a text has the property that is labelled; null where nothing is.</param>
    public LanguageModelTeacher(Generator model, ITokenizer tokenizer, double temperature = 1, double lengthPower = 1, double? above = null)
    {
        (this.model, this.tokenizer, this.temperature, this.lengthPower, this.above) = (model, tokenizer, temperature, lengthPower, above);
        DropoutSwitch.TurnOff(model);
    }

    public override IReadOnlyList<bool> Label(IReadOnlyList<TeacherText> texts) => above is { } threshold
        ? [.. Score(texts).Select(score => score > threshold)] : base.Label(texts);

    public override IReadOnlyList<double> Score(IReadOnlyList<TeacherText> texts) => [.. texts.Chunk(AtOnce).SelectMany(ScoresOf)];

    double[] ScoresOf(TeacherText[] texts)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        (int[] Ids, int Prompt)[] rows = [.. texts.Select(RowOf)];
        var length = Math.Max(1, rows.Max(row => row.Ids.Length)); // T
        var (ids, counted) = (new long[rows.Length * length], new float[rows.Length * length]); // [B,T]
        Array.Fill(ids, tokenizer.PaddingId);
        for (var i = 0; i < rows.Length; i++)
        {
            for (var t = 0; t < rows[i].Ids.Length; t++)
                (ids[i * length + t], counted[i * length + t]) = (rows[i].Ids[t], t < rows[i].Prompt ? 0 : 1);
        }
        var device = model.parameters().FirstOrDefault()?.device ?? CPU;
        long[] shape = [rows.Length, length];
        var logs = LogLikelihood.OfTokens(model, tensor(ids, shape, int64).to(device), tokenizer.StartId, temperature); // [B,T]
        return LogLikelihood.OfTexts(logs, tensor(counted, shape).to(device), lengthPower).to_type(float64).cpu().data<double>().ToArray();
    }

    /// <summary>The ids of prompt and text, as many as the model reads, and how many are the prompt's.</summary>
    (int[] Ids, int Prompt) RowOf(TeacherText text)
    {
        var most = model.MaximumLength ?? int.MaxValue;
        var prompt = text.Prompt is { } before ? tokenizer.Encode(before) : [];
        var kept = Math.Min(prompt.Count, most / 2);
        IEnumerable<int> own = tokenizer.Encode(text.Text);
        if (text.Ended && tokenizer.EndId is { } end) own = own.Append(end);
        return ([.. prompt.Skip(prompt.Count - kept), .. own.Take(most - kept)], kept);
    }

    protected override void Release() => model.Dispose();
}
