using System.Text.Json;
using TextGan.Generators;
using TextGan.Generators.Sampling;
using TextGan.Tokenization;
using static TorchSharp.torch;

namespace TextGan.Tests.Generators;

/// <summary>
/// A language model that others trained (TinyStories, 260 thousand parameters) through our layers: the text it writes is known.
/// </summary>
public sealed class PretrainedTransformerTests
{
    const string Known = "Once upon a time, there was a little girl named Lily. She loved to play outside in the park. One day, she saw " +
        "a big, red ball. " +
        "She wanted to play with it, but it was too high.";

    static string Folder() => SharedData.Find("models/stories260k")
        ?? throw new IgnoreException(
            "The model stories260k is not in the shared data (models/stories260k), so that its known text cannot be compared.");

    static ITokenizer Tokenizer(string folder) => JsonSerializer.Deserialize<TokenizerOptions>(Json(folder), CaseJson.Options)!
        .Build(new TokenizerContext("", []));

    static Generator Load(string folder)
    {
        var model = GeneratorCases.Read(Json(folder)).Build(new GeneratorContext(512, 80, CPU));
        model.eval();
        return model;
    }

    /// <summary>The same for the generator and the tokenizer.</summary>
    static string Json(string folder) => $$"""{ "kind": "pretrained", "path": {{JsonSerializer.Serialize(folder)}} }""";

    [Test]
    public void WritesTheKnownText()
    {
        var folder = Folder();
        using var scope = NewDisposeScope();
        using var model = Load(folder);
        var tokenizer = Tokenizer(folder);
        var samples = Sampler.Sample(model, new SamplingOptions { Temperature = 0 }, 1, 80, tokenizer.StartId, tokenizer.EndId);
        var ids = samples.Tokens.Ids.data<long>().Select(id => (int)id).ToArray();
        Assert.That(ids[..7], Is.EqualTo(new[] { 403, 407, 261, 378, 432, 383, 286 }), "Once upon a time, there was");
        Assert.That(tokenizer.Decode(ids), Does.StartWith(Known));

        // The same text token by token from the whole beginning: the cache changes nothing.
        using var mode = no_grad();
        var best = model.call(TeacherForcing.Inputs(samples.Tokens.Ids, tokenizer.StartId)).argmax(2);
        Assert.That(best.eq(samples.Tokens.Ids).all().item<bool>());
    }

    /// <summary>It knows its language: its own text costs little, the same words turned round much.</summary>
    [Test]
    public void FindsItsLanguageLikely()
    {
        var folder = Folder();
        using var scope = NewDisposeScope();
        using var model = Load(folder);
        var tokenizer = Tokenizer(folder);
        double Loss(string text)
        {
            var ids = tensor(tokenizer.Encode(text).Select(id => (long)id).ToArray()).unsqueeze(0);
            return TeacherForcing.Loss(model, ids, ones(ids.shape), tokenizer.StartId).item<float>();
        }
        Assert.That(Loss(Known), Is.LessThan(1));
        Assert.That(Loss("One day, Tom and his mom went to the park to see the dog."), Is.LessThan(2));
        Assert.That(Loss(string.Join(' ', Known.Split(' ').Reverse())), Is.GreaterThan(3));
    }
}
