using System.Text.Json;
using TextGan.Training.Guards;

namespace TextGan.Runs.Format;

/// <summary>
/// One line of metrics.jsonl. Names of values:
/// <list type="bullet">
/// <item><c>term/NAME/raw</c> (the mean of a discriminator's signal as it stands: of the loss, or of the negative reward),
/// <c>term/NAME/normalized</c> (where 'normalization' is on), <c>term/NAME/weight</c>, <c>term/NAME/weighted</c> (weight times raw, or
/// times normalized), <c>total</c>: the generator's objective; total is the sum of the weighted terms. <c>term/NAME/loss</c>: a
/// discriminator's generator loss on the rollout, where the combiner reads it.</item>
/// <item><c>discriminator/NAME/loss</c>, <c>.../accuracyReal</c>, <c>.../accuracyGenerated</c>, <c>.../accuracyRejected</c>,
/// <c>.../accuracyReplayed</c>, <c>.../scoreReal</c>, <c>.../scoreGenerated</c>, <c>.../scoreRejected</c>, <c>.../scoreReplayed</c>,
/// <c>.../gradientNorm</c>: a discriminator's last update (mean logits are scores; the norm is that before clipping).
/// <c>.../matchedGenerated</c>, <c>.../matchedReal</c>: where real texts are matched by a property, its estimated share among the
/// generator's texts and its share of the update's real texts. <c>.../labels</c>: texts of the generator that were labelled for it so far,
/// and <c>.../labelRate</c>: the share with the property among those of the last time ("relabel", "oracleQuery"). Of "oracleQuery"
/// <c>.../asked</c>: texts that its teacher was asked about this time, and <c>.../askedDisagreement</c>, <c>.../poolDisagreement</c>: the
/// standard deviation between the members' probabilities, averaged over those texts and over the whole pool. Of "teacherPreference" the
/// pairs so far, and <c>.../labelAgreement</c>: the share of those of the last time, which it had not learnt from yet, of which it
/// scored the text higher that the teacher prefers; pairs without a preference are left out.</item>
/// <item><c>discriminator/NAME/heldOutScoreReal</c>, <c>.../heldOutScoreGenerated</c>, <c>.../heldOutScoreRejected</c>,
/// <c>.../heldOutAccuracyReal</c>, <c>.../heldOutAccuracyGenerated</c>, <c>.../heldOutAccuracyRejected</c>,
/// <c>.../heldOutAccuracyPairs</c>, <c>.../heldOutAccuracyPairsLow</c>, <c>.../heldOutAccuracyPairsHigh</c>, <c>.../heldOutPairs</c>,
/// <c>.../disagreement</c>: at an evaluation, what each discriminator, learning or not, says of held-out texts of its data set and
/// of the evaluation's samples, with dropout off. Scores are mean logits; accuracies are shares on the right side of the loss's threshold
/// (a score on it counts half); that of pairs is the share of held-out pairs whose chosen text scores above its rejected one (a
/// tie counts half), with its 95% interval (Wilson) and the number of pairs. Of a discriminator that learns from pairs also
/// <c>.../trainingAccuracyPairs</c> and <c>.../trainingPairs</c>: the same for as many of the pairs that it learns from, the same ones each
/// time; and <c>.../gapPairs</c>, <c>.../gapPairsLow</c>, <c>.../gapPairsHigh</c>: that share minus the one of held-out pairs, with its 95%
/// interval (Newcombe). The disagreement of an ensemble is the standard deviation
/// between its members' scores of a sample, averaged over the samples. With "oracleQuery" and a teacher that answers by itself
/// <c>.../oracleAuc</c>: the probability that a sample with the property scores above one without; <c>.../oracleAccuracy</c>: the share of
/// samples on the right side of 0; <c>.../oracleRate</c>: the share that has the property. With the evaluation's 'pairBaselines':
/// <c>.../heldOutAccuracyBagOfWords</c>, <c>.../heldOutAccuracyLength</c>, the same share for a logistic regression on words and pairs of
/// words and for the length alone, and <c>.../mcNemarBagOfWords</c>, <c>.../mcNemarLength</c>, the p values of McNemar's test against
/// them.</item>
/// <item><c>generator/loss</c> (pretraining, nats a token, those of a teacher's distributions if there is one: the mean over the updates
/// since the last line, ten or, at the end, fewer), <c>generator/heldOutLoss</c>, <c>generator/gradientNorm</c> (of the last update),
/// <c>generator/managerLoss</c> (of a generator with a manager: minus the mean cosine between its goals and where real texts went),
/// <c>temperature</c>, <c>tokensPerSecond</c> (tokens of texts up to their end, in pretraining over the same updates).</item>
/// <item>Of "training.conflict", at the iterations that are measured: <c>conflict/A/norm</c> (of the term A's weighted gradient),
/// <c>conflict/A/share</c> (its share of the step: w g_A·g/|g|² of the combined gradient g before clipping; the shares add up to 1 if g
/// is the weighted sum of the gradients, and one below 0 says that the step goes against the term), <c>conflict/A/B/cosine</c> (of the
/// weighted gradients of two terms, each pair once, in the order of the terms; below 0 they are in conflict), <c>conflict/A/halves</c>
/// (the cosine of the term's gradients over the first and the second half of the batch, which is 1 without noise). A cosine is missing if
/// one of the gradients is 0, halves also for a plug-in's term that cannot be computed over part of a batch.</item>
/// <item><c>texts/length</c> and <c>texts/ended</c>: mean tokens of the step's responses and the share with an end token (if there is one).
/// Of the estimator 'reinforce': <c>policy/entropy</c> (mean -log p of the drawn tokens: the entropy a token, estimated) and, with several
/// passes over a batch, <c>policy/ratio</c> (mean p/p_old of the tokens), <c>policy/klOld</c> (KL(old ‖ new) a token, estimated by k3) and
/// <c>policy/clipped</c> (the share of tokens, or texts, whose gradient is clipped away), each the mean over the passes.</item>
/// <item><c>reference/klToken</c>, <c>reference/klText</c>: KL(generator ‖ reference) in nats a token and a text, where a KL is part of the
/// objective: summed over the vocabulary where that is computed anyway, else log p - log ref of the drawn tokens, which may be negative.
/// </item>
/// <item><c>mediator/loss</c>, <c>mediator/gradientNorm</c>: of the mediator's update, the first in nats a token of the even mixture of
/// real and generated texts.</item>
/// <item><c>critic/NAME/loss</c>, <c>critic/NAME/explainedVariance</c> (1 - Var(R - v)/Var(R)) of the baseline 'critic', before it learns
/// from the batch. NAME is the discriminator's, "kl" (in the reward) or "sum" (of signals that are summed first).</item>
/// <item>Of the estimator 'expert-iteration': <c>search/reward</c> (the kept texts' mean reward, Σ_k w_k logit_k), for a text
/// <c>search/tokens</c> (read by the generator), <c>search/judged</c> and <c>search/nodes</c>; <c>search/spent</c>: tokens that the
/// generator has read so far, in searches, in updates (the backward pass apart) and for the value; <c>value/loss</c> and
/// <c>value/explainedVariance</c> of the value of beginnings, before it learns from the batch.</item>
/// <item><c>metric/NAME</c>: a figure of an evaluation, for example <c>metric/bleu-2</c>; NaN where it could not be computed.
/// <c>metric/unknown</c>: the share of unknown tokens in its samples, if the tokenizer has such a token.</item>
/// </list>
/// A line with an <c>event</c> tells what a guard found; its values are those that gave it away, or none. Where the step of a line
/// is smaller than that of the line before, training was rolled back to there, and what follows replaces the lines since.
/// </summary>
public sealed record MetricLine
{
    /// <summary>"pretraining", "discriminator-pretraining" or "adversarial".</summary>
    public required string Phase { get; init; }

    /// <summary>Updates (pretraining) or iterations (adversarial) done in this phase when the line was written, from 0.</summary>
    public required long Step { get; init; }

    /// <summary>Seconds since the run began, time of earlier parts of a resumed run included.</summary>
    public required double Seconds { get; init; }

    /// <summary>
    /// Seconds of processor time that all threads of the process have used since the run began, earlier parts included: unlike
    /// <see cref="Seconds"/> it hardly depends on what else the machine does. Null in logs of older versions.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ProcessorSeconds { get; init; }

    /// <summary>Value by name; NaN and infinities are the strings "NaN", "Infinity", "-Infinity".</summary>
    public required IReadOnlyDictionary<string, double> Values { get; init; }

    /// <summary>
    /// On the line of an evaluation: the number of samples that each <c>metric/NAME</c> rests on; those that rest on none are left out.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, int>? Samples { get; init; }

    /// <summary>On the line of an evaluation: why a <c>metric/NAME</c> is NaN; null where none is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Missing { get; init; }

    /// <summary>What a guard found; null on every other line.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GuardEvent? Event { get; init; }

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public static MetricLine Parse(string line) => JsonSerializer.Deserialize<MetricLine>(line, Json)
        ?? throw new JsonException("A line of metrics must be an object.");

    /// <summary>
    /// The lines of a metrics.jsonl, which a run may still be writing, as they stand. The last one is not whole where it has no line end:
    /// it was cut off while it was written.
    /// </summary>
    public static IEnumerable<(string Text, bool IsWhole)> LinesIn(string file)
    {
        using var stream = new GrowingFile(file);
        using var reader = new StreamReader(stream);
        string? line = null;
        while (reader.ReadLine() is { } next)
        {
            if (line is not null) yield return (line, true);
            line = next;
        }
        if (line is null) yield break;
        stream.Seek(-1, SeekOrigin.Current); // not from the end, which may lie further on by now
        yield return (line, stream.ReadByte() == '\n');
    }

    /// <summary>
    /// A file that others write to: it ends where it ended once. A reader would otherwise take the rest of a half-written line, which comes
    /// in the meantime, for a line of its own.
    /// </summary>
    sealed class GrowingFile(string path) : FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)
    {
        bool isRead;

        public override int Read(byte[] buffer, int offset, int count) => isRead ? 0 : Note(base.Read(buffer, offset, count));

        public override int Read(Span<byte> buffer) => isRead ? 0 : Note(base.Read(buffer));

        int Note(int count)
        {
            isRead = count == 0;
            return count;
        }
    }
}
