using TextGan.Generators.Pretrained;
using TorchSharp;

namespace TextGan.Discriminators;

/// <summary>
/// The log-likelihood of a text under a language model that stays as it is, as a judge: its logit is in nats, at most 0, and a mean per
/// token unless "lengthPower" says otherwise. It never learns. With the reward "logit" the reward is the log-likelihood itself; so it is
/// with "negative-loss" and the loss "hinge", which is the loss for Gumbel-softmax, too. Other rewards take the logit for that of a
/// probability of being real, which it is not: "probability", "signed-probability" and "log-probability" only keep the order of texts, and
/// "maligan" weighs the texts of a batch by exp(logit), with "lengthPower" 0 by their probability. As the only reward, log-likelihood is
/// highest for a few likely texts again and again: a KL, an entropy term or a 'cap' keeps the generator from them.
/// </summary>
public sealed record LanguageModelDiscriminatorOptions : DiscriminatorOptions, IModelReader
{
    /// <summary>
    /// The folder of a pretrained model as Hugging Face stores it, with as many tokens as the experiment's tokenizer; a relative path
    /// starts at the folder of the experiment file. Null (default): the generator as it is when the adversarial phase begins.
    /// </summary>
    public string? Model { get; init; }

    /// <summary>
    /// "text" (default): one logit per text. "token": one per token, for the credit "per-step", by which a text's reward is their sum.
    /// </summary>
    public LikelihoodUnit Per { get; init; }

    /// <summary>What the model's logits are divided by. Default 1.</summary>
    [Range(1e-3, 1e3)]
    public double Temperature { get; init; } = 1;

    /// <summary>
    /// With "text": α, where the log-likelihood of a text of n tokens is divided by n^α. 1: the mean per token; 0: the sum, by which short
    /// texts are better. Null (default): 1.
    /// </summary>
    [Range(0.0, 2.0)]
    public double? LengthPower { get; init; }

    /// <summary>
    /// Logits above this count as this, so that what is more likely is no better: for example the mean of real texts. Null (default): no
    /// logit is too high.
    /// </summary>
    public double? Cap { get; init; }

    public override bool Learns => false;

    public override bool? HasStepLogits => Per == LikelihoodUnit.Token;

    public override bool ReadsReference => Model is null;

    public override IEnumerable<Problem> Validate(string path)
    {
        foreach (var problem in base.Validate(path).Concat(this.CheckName(path))) yield return problem;
        if (Per == LikelihoodUnit.Token && LengthPower is { } power)
            yield return new Problem($"{path}.lengthPower",
                $"is {power}, but with \"per\": \"token\" no sum over a text is divided by its length; leave it out.");
    }

    public override Discriminator Build(DiscriminatorContext context)
    {
        var model = context.Frozen(Model);
        Problem[] problems = [.. this.CheckModel($"$.discriminators[{Name}]", model, context.VocabularySize, context.Length)];
        if (problems.Length > 0) throw new InvalidInputException(problems);
        return new LanguageModelDiscriminator(context.VocabularySize, new FrozenLikelihood(model, context.StartId, Temperature),
            Per == LikelihoodUnit.Token ? null : LengthPower ?? 1, Cap).to(context.Device);
    }
}
