using System.Text.Json.Nodes;
using TextGan.Problems;
using TextGan.Tokenization;

namespace TextGan.Tests.Tokenization.ByteLevel;

public sealed class ByteLevelTokenizerTests : FileTests
{
    const string Special = """{ "bos_token": "<|start|>", "eos_token": { "content": "<|endoftext|>" }, "pad_token": null }""";

    static readonly Dictionary<string, Func<JsonObject>> Forms = new()
    {
        ["gpt2"] = () => TinyTokenizer.Gpt2(), ["gpt2 with a blank before"] = () => TinyTokenizer.Gpt2(addsBlank: true),
        ["llama3"] = TinyTokenizer.Llama3, ["qwen"] = TinyTokenizer.Qwen,
    };

    static IEnumerable<string> Names() => Forms.Keys;

    ITokenizer Build(JsonObject file)
    {
        files.Write("tokenizer.json", file.ToJsonString());
        if (!File.Exists(files.PathOf("tokenizer_config.json"))) files.Write("tokenizer_config.json", Special);
        return ValidatingTokenizer.Build(new PretrainedTokenizerOptions { Path = "." }, new TokenizerContext(files.Folder, []));
    }

    [TestCaseSource(nameof(Names))]
    public void Ids_are_those_of_Hugging_Faces_library(string name)
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("The library with which ids are compared is here for Linux only.");
        var tokenizer = Build(Forms[name]());
        using var reference = new Tokenizers.DotNet.Tokenizer(files.PathOf("tokenizer.json"));
        var random = new Random(11);
        for (var i = 0; i < 4000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12))
                .Select(_ => TinyTokenizer.Fragments[random.Next(TinyTokenizer.Fragments.Length)]));
            if (random.Next(4) == 0) // any character of long-known scripts
                text += string.Concat(Enumerable.Range(0, 4).Select(_ => (char)random.Next(1, 0x2400)));
            var ordinary = tokenizer.Encode(text);
            // Hugging Face's library finds special tokens in texts; here they are ordinary text.
            if (!text.Contains("<|endoftext|>") && !text.Contains("<|start|>"))
                Assert.That(ordinary, Is.EqualTo(reference.Encode(text).Select(id => (int)id)), text);
            Assert.That(ordinary, Has.None.EqualTo(tokenizer.EndId).And.None.EqualTo(tokenizer.StartId));
            if (!name.Contains("blank")) Assert.That(tokenizer.Decode(ordinary), Is.EqualTo(text));
        }
    }

    [Test]
    public void Special_tokens_come_from_the_files_beside_it()
    {
        var file = TinyTokenizer.Gpt2();
        int[] ids = [.. file["added_tokens"]!.AsArray().Select(token => token!["id"]!.GetValue<int>())];
        var tokenizer = Build(file);
        Assert.That((tokenizer.StartId, tokenizer.EndId, tokenizer.PaddingId, tokenizer.VocabularySize),
            Is.EqualTo((ids[1], (int?)ids[0], ids[0], ids[2] + 1)));

        // No tokenizer_config.json: the ids of config.json, whose vocabulary is larger; of several end tokens the first.
        File.Delete(files.PathOf("tokenizer_config.json"));
        files.Write("tokenizer_config.json", """{ "pad_token": "<|start|>" }""");
        files.Write("config.json", $$"""{ "vocab_size": 600, "eos_token_id": [{{ids[0]}}, {{ids[1]}}] }""");
        tokenizer = Build(file);
        Assert.That((tokenizer.StartId, tokenizer.EndId, tokenizer.PaddingId, tokenizer.VocabularySize),
            Is.EqualTo((ids[0], (int?)ids[0], ids[1], 600)));
        Assert.That(tokenizer.TokenText(599), Is.EqualTo("<unused 599>"));
        Assert.That(tokenizer.Decode([599, ids[0], ids[2], ids[1]]), Is.EqualTo("<tool>"));
    }

    [Test]
    public void Special_tokens_in_a_text_are_ordinary_text_and_other_added_tokens_are_found()
    {
        var tokenizer = Build(TinyTokenizer.Llama3());
        var (start, tool) = (tokenizer.StartId, tokenizer.Encode("<tool>").Single());
        Assert.That((tokenizer.ControlId("<|start|>"), tokenizer.ControlId("<tool>"), tokenizer.ControlId("the")),
            Is.EqualTo(((int?)start, (int?)null, (int?)null)));
        Assert.That(tokenizer.Encode("<|start|><tool>"), Has.Count.GreaterThan(3).And.None.EqualTo(start).And.Some.EqualTo(tool));
        Assert.That(tokenizer.Decode(tokenizer.Encode("<|start|><tool>")), Is.EqualTo("<|start|><tool>"));
    }

    static IEnumerable<TestCaseData> Unsupported()
    {
        static TestCaseData Case(string path, string value, string message) =>
            new TestCaseData(path, value, message).SetArgDisplayNames(path, value);
        yield return Case("normalizer", """{"type":"NFC"}""", "'normalizer' is {\"type\":\"NFC\"}; this key is not supported");
        yield return Case("model.type", "\"WordPiece\"", "'model.type' is \"WordPiece\"; \"BPE\" is allowed.");
        yield return Case("model.dropout", "0.1", "'model.dropout' is 0.1; 0.0 is allowed.");
        yield return Case("model.byte_fallback", "true", "'model.byte_fallback' is true; this key is not supported");
        yield return Case("model.end_of_word_suffix", "\"_\"", "'model.end_of_word_suffix' is \"_\"; this key is not supported");
        yield return Case("pre_tokenizer", "null", "'pre_tokenizer' is missing; an object is needed.");
        yield return Case("pre_tokenizer.type", "\"Whitespace\"",
            "'pre_tokenizer.type' is \"Whitespace\"; \"ByteLevel\" or \"Sequence\" or \"Split\" is allowed.");
        yield return Case("pre_tokenizer", """{"type":"Split","pattern":{"Regex":"[a&&b]"},"behavior":"Isolated"}""",
            "'pre_tokenizer.pattern.Regex' is not supported: it has sets of characters within sets.");
        yield return Case("pre_tokenizer", """{"type":"Split","pattern":{"Regex":"a++"},"behavior":"Isolated"}""",
            "'pre_tokenizer.pattern.Regex' is not supported: ");
        yield return Case("pre_tokenizer", """{"type":"Split","pattern":{"Regex":"a"},"behavior":"Removed"}""",
            "'pre_tokenizer.behavior' is \"Removed\"; \"Isolated\" is allowed.");
        yield return Case("decoder.type", "\"WordPiece\"", "'decoder.type' is \"WordPiece\"; \"ByteLevel\" is allowed.");
        yield return Case("added_tokens", """[{"id":600,"content":"<mask>","lstrip":true}]""",
            "'added_tokens[0].lstrip' is true; this key");
        yield return Case("added_tokens", """[{"id":36,"content":"<x>"}]""", "The tokens \"$\" and \"<x>\" have the same id 36.");
        yield return Case("model.vocab", "{}", "The vocabulary has no token");
        yield return Case("model.merges", """["a b c"]""", "The merge \"a b c\" is not two tokens.");
        yield return Case("model.merges", """["t q"]""", "The merge \"t q\" needs the token \"tq\", which the vocabulary does not have.");
    }

    [TestCaseSource(nameof(Unsupported))]
    public void What_is_not_supported_is_rejected(string path, string value, string message)
    {
        var file = TinyTokenizer.Gpt2();
        var parts = path.Split('.');
        var at = parts[..^1].Aggregate((JsonNode)file, (node, key) => node[key]!);
        at.AsObject()[parts[^1]] = JsonNode.Parse(value);
        var error = Assert.Throws<InvalidInputException>(() => Build(file))!;
        Assert.That(error.Message, Does.StartWith($"{files.PathOf("tokenizer.json")}: {message}"));
        Assert.That(error.Problems, Has.Count.EqualTo(1));
    }

    [TestCase("""{ "eos_token": "<nope>" }""", "tokenizer_config.json", "'eos_token' is \"<nope>\"; a token of the tokenizer is allowed.")]
    [TestCase("""{ }""", "", "No end token is named ('eos_token' or 'eos_token_id' in tokenizer_config.json, special_tokens_map.json,")]
    public void The_end_token_must_be_there(string config, string file, string message)
    {
        files.Write("tokenizer_config.json", config);
        Assert.That(Assert.Throws<InvalidInputException>(() => Build(TinyTokenizer.Gpt2()))!.Message,
            Does.StartWith($"{(file.Length > 0 ? files.PathOf(file) : files.Folder)}: {message}"));
    }

    [Test]
    public void A_folder_without_a_tokenizer_and_a_vocabulary_that_is_too_large_are_rejected()
    {
        var options = new PretrainedTokenizerOptions { Path = "." };
        Assert.That(Assert.Throws<InvalidInputException>(() => options.Build(new TokenizerContext(files.Folder, [])))!.Message,
            Does.StartWith($"{files.Folder}: The folder has no tokenizer: neither tokenizer.model nor tokenizer.json is there."));
        files.Write("config.json", """{ "vocab_size": 300 }""");
        Assert.That(Assert.Throws<InvalidInputException>(() => Build(TinyTokenizer.Gpt2()))!.Message,
            Does.Contain("the model's vocabulary ('vocab_size' in config.json) has 300."));
    }
}
