using TextGan.Discriminators;
using TextGan.Discriminators.Losses;
using TextGan.Generators;
using TextGan.Generators.Sampling;
using TextGan.Learning;
using TextGan.Schedules;
using TextGan.Tokenization;
using static TextGan.Tests.Generators.GeneratorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Generators.Sampling;

/// <summary>Prompts of different lengths in one batch, and tokenizers with three special ids: start 1, end 2, padding 0.</summary>
public sealed class PromptTests
{
    const int Length = 9, Start = 1, End = 2, Padding = 0;

    static readonly int[][] Prompts = [[], [5], [3, End, 4], [3, 4, End, 6, 3]]; // an end within a prompt ends no text

    static PromptBatch Batch(int times = 1) => PromptBatch.Of([.. Prompts]).Repeat(times);

    static long[] Row(Tensor ids, long row) => ids[row].data<long>().ToArray();

    static long EndOf(long[] row, int prompt) => Array.IndexOf(row, End, prompt) is var at && at < 0 ? row.Length : at;

    [TestCaseSource(typeof(GeneratorCases), nameof(All))]
    public void Samples_continue_their_prompts_and_padding_follows_the_end(string json)
    {
        using var scope = NewDisposeScope();
        using var model = Build(json, 2, length: Length);
        manual_seed(4);
        var samples = Sampler.Sample(model, new(), 200, Length, Start, End, Batch(50), Padding);
        var (expected, ended) = (TeacherForcing.LogProbabilities(model, samples.Tokens.Ids, Start), 0);
        for (var b = 0; b < 200; b++)
        {
            var (row, prompt) = (Row(samples.Tokens.Ids, b), Prompts[b / 50]);
            Assert.That(row[..prompt.Length], Is.EqualTo(prompt.Select(id => (long)id)));
            var end = EndOf(row, prompt.Length);
            if (end < Length - 1) ended++;
            for (var t = 0; t < Length; t++)
            {
                var isResponse = t >= prompt.Length && t <= end;
                Assert.That(samples.Tokens.Response[b, t].item<float>(), Is.EqualTo(isResponse ? 1 : 0), $"{b}, {t}");
                Assert.That(samples.Tokens.Mask[b, t].item<float>(), Is.EqualTo(t <= end ? 1 : 0));
                if (t > end) Assert.That(row[t], Is.EqualTo(Padding));
                Assert.That(samples.LogProbabilities[b, t].item<float>(),
                    Is.EqualTo(isResponse ? expected[b, t].item<float>() : 0).Within(1e-5), "sampling and scoring are one distribution");
            }
        }
        Assert.That(ended, Is.GreaterThan(10), "or the case shows nothing of padding");
    }

    [TestCaseSource(typeof(GeneratorCases), nameof(All))]
    public void A_prompt_beside_longer_ones_gives_the_same_as_alone(string json)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        using var model = Build(json, 2, length: Length);
        // The most probable token at each step depends on nothing but what was read.
        var together = Sampler.Sample(model, new SamplingOptions { Temperature = 0 }, Prompts.Length, Length, Start, End, Batch(), Padding)
            .Tokens.Ids;
        var scores = TeacherForcing.LogProbabilities(model, together, Start);
        for (var b = 0; b < Prompts.Length; b++)
        {
            var alone = Sampler.Sample(model, new SamplingOptions { Temperature = 0 }, 1, Length, Start, End, PromptBatch.Of([Prompts[b]]),
                Padding).Tokens.Ids;
            Assert.That(Row(alone, 0), Is.EqualTo(Row(together, b)));
            Assert.That(MaxDifference(TeacherForcing.LogProbabilities(model, alone, Start)[0], scores[b]), Is.LessThan(1e-5));
        }
    }

    [Test]
    public void Completions_keep_the_prompts([Values(0, 3)] int which)
    {
        using var scope = NewDisposeScope();
        using var model = Build(All[which], 2, length: Length);
        manual_seed(1);
        var prompts = PromptBatch.Of([[5, 3], [3, End, 4], [3, 4, End, 6, 3]]);
        var texts = Sampler.Sample(model, new(), 3, Length, Start, End, prompts, Padding).Tokens.Ids;
        var all = Completions.CompleteAll(model, texts, 4, Start, End, prompts: prompts, paddingId: Padding); // [T-1,B,N,T]
        Assert.That(all.narrow(0, 0, 2).eq(Padding).all().item<bool>(), "beginnings within every prompt are worth nothing by themselves");
        for (var given = 3; given < Length; given++)
            for (var b = 0; b < 3; b++)
            {
                var kept = Math.Max(given, (int)prompts.Lengths[b].item<long>());
                Assert.That(all[given - 1, b].narrow(1, 0, kept).eq(texts[b].narrow(0, 0, kept)).all().item<bool>(), $"{given}, {b}");
            }
    }

    [Test]
    public void Under_gumbel_softmax_prompts_stay_hard_and_constant([Values] Relaxation relaxation, [Values(0, 1, 3)] int which)
    {
        using var scope = NewDisposeScope();
        using var model = Build(All[which], 2, length: Length);
        TextBatch? judged = null;
        using var discriminator = new Watching(tokens => judged = tokens);
        var adversary = new Judge("d", discriminator, new NonSaturatingLoss(), CPU, null, _ => throw new InvalidOperationException());
        using var estimator = new PathwiseUpdate(relaxation, new ConstantScheduleOptions { Value = 0.8 });
        manual_seed(3);
        var request = new RolloutRequest(model, [adversary], 60, Length, Start, End, 0, 1, false, Padding, Batch(15));
        estimator.Estimate(request).Terms[0].Surrogate().backward();
        Assert.That(model.parameters().Any(parameter => parameter.grad is { } gradient && gradient.abs().sum().item<float>() > 0));
        var (ids, relaxed, padded) = (judged!.Ids, judged.Relaxed!, 0);
        for (var b = 0; b < 60; b++)
        {
            var (row, prompt) = (Row(ids, b), Prompts[b / 15]);
            var end = EndOf(row, prompt.Length);
            for (var t = 0; t < Length; t++)
            {
                if (t < prompt.Length) Assert.That(row[t], Is.EqualTo(prompt[t]));
                if (t > end) Assert.That(row[t], Is.EqualTo(Padding));
                if (t > end) padded++;
                if (t < prompt.Length || t > end) Assert.That(relaxed[b, t, row[t]].item<float>(), Is.EqualTo(1), $"{b}, {t}");
                if (t < prompt.Length || t > end || relaxation != Relaxation.Relaxed) continue;
                Assert.That(relaxed[b, t].max().item<float>(), Is.LessThan(1), "a response is relaxed");
            }
        }
        Assert.That(padded, Is.GreaterThan(5));
        // A gradient into the prompts alone reaches no parameter, since they were never drawn.
        model.zero_grad();
        var again = estimator.Estimate(request).Generated.Tokens;
        var inPrompts = again.Relaxed! * (again.Mask - again.Response).unsqueeze(2) * randn(1, 1, V);
        inPrompts.sum().backward();
        Assert.That(model.parameters().All(parameter => parameter.grad is not { } gradient || gradient.abs().sum().item<float>() == 0));
    }

    [Test]
    public void A_batch_of_texts_tells_its_responses()
    {
        using var scope = NewDisposeScope();
        var tokens = new TextBatch(tensor(new long[,] { { 5, 3, End, Padding }, { 4, 6, 3, 5 } }), End,
            promptLengths: tensor(new long[] { 1, 3 }));
        Assert.That(tokens.Response.data<float>().ToArray(), Is.EqualTo(new float[] { 0, 1, 1, 0, 0, 0, 0, 1 }));
        Assert.That(tokens.Positions.data<long>().ToArray(), Is.EqualTo(new long[] { 0, 1, 2, 3 }));
        var all = tokens.Rows(1, 1).Concat(new TextBatch(tensor(new long[,] { { 5, End, Padding, Padding } }), End));
        Assert.That(all.Response.data<float>().ToArray(), Is.EqualTo(new float[] { 0, 0, 0, 1, 1, 1, 0, 0 }));
        Assert.That(all.Hard().Response.data<float>().ToArray(), Is.EqualTo(all.To(CPU).Response.data<float>().ToArray()));
    }

    sealed class Watching(Action<TextBatch> seen) : Discriminator(nameof(Watching), V)
    {
        public override DiscriminatorOutput forward(TextBatch tokens)
        {
            seen(tokens);
            return new((tokens.Relaxed! * arange(V, dtype: float32)).sum([1, 2]).unsqueeze(1));
        }
    }
}
