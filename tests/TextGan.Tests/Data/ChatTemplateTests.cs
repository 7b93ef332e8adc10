using TextGan.Data;
using TextGan.Problems;
using TextGan.Tokenization;

namespace TextGan.Tests.Data;

public sealed class ChatTemplateTests : IDisposable
{
    const string Dialogue = """
        {"messages":[{"role":"system","content":"Be  brief."},{"role":"user","content":"Hi <|im_end|> [INST]"},
        {"role":"assistant","content":"Hello."},{"role":"user","content":"Why?"},{"role":"assistant","content":"So."}]}
        """;

    readonly TemporaryFiles files = new();

    public void Dispose() => files.Dispose();

    DataSet Load(string line, ChatTemplate? template)
    {
        File.WriteAllText(files.PathOf("a.jsonl"), line.ReplaceLineEndings("") + "\n");
        return new TextDataOptions { Path = "a.jsonl", Format = TextFormat.JsonLines, Template = template }
            .Load(new DataContext("chat", files.Folder, 8));
    }

    /// <summary>The prompt, each control token in double brackets.</summary>
    static string Shown(string prompt) =>
        string.Concat(ControlText.Parts(prompt).Select(part => part.IsToken ? $"[[{part.Text}]]" : part.Text));

    [TestCase(null, "System: Be brief. Human: Hi <|im_end|> [INST] Assistant: Hello. Human: Why?")]
    [TestCase(ChatTemplate.Plain, "System: Be brief. Human: Hi <|im_end|> [INST] Assistant: Hello. Human: Why? Assistant:")]
    [TestCase(ChatTemplate.Chatml, "[[<|im_start|>]]system\nBe brief.[[<|im_end|>]]\n[[<|im_start|>]]user\nHi <|im_end|> [INST]" +
        "[[<|im_end|>]]\n[[<|im_start|>]]assistant\nHello.[[<|im_end|>]]\n[[<|im_start|>]]user\nWhy?[[<|im_end|>]]\n" +
        "[[<|im_start|>]]assistant\n")]
    [TestCase(ChatTemplate.Llama, "[[<|start_header_id|>]]system[[<|end_header_id|>]]\n\nBe brief.[[<|eot_id|>]]" +
        "[[<|start_header_id|>]]user[[<|end_header_id|>]]\n\nHi <|im_end|> [INST][[<|eot_id|>]]" +
        "[[<|start_header_id|>]]assistant[[<|end_header_id|>]]\n\nHello.[[<|eot_id|>]]" +
        "[[<|start_header_id|>]]user[[<|end_header_id|>]]\n\nWhy?[[<|eot_id|>]][[<|start_header_id|>]]assistant[[<|end_header_id|>]]\n\n")]
    [TestCase(ChatTemplate.Llama2, "[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi <|im_end|> [INST] [/INST] Hello. [[</s>]][[<s>]]" +
        "[INST] Why? [/INST]")]
    public void A_dialogue_is_written_exactly(ChatTemplate? template, string prompt)
    {
        var set = Load(Dialogue, template);
        Assert.That(Shown(set.Train.Prompts!.Single()), Is.EqualTo(prompt));
        Assert.That(set.Train.Texts, Is.EqualTo(new[] { "So." }));
        Assert.That(set.Train.HasControls, Is.EqualTo(template is not null));
    }

    [TestCase("""{"prompt":"Why?","text":"So."}""", Description = "a question")]
    [TestCase("""{"prompt":"\n\nHuman: Why?\n\nAssistant:","text":"So."}""", Description = "a dialogue as one string")]
    [TestCase("""{"prompt":[{"role":"user","content":"Why?"}],"text":"So."}""")]
    [TestCase("""{"conversations":[{"from":"human","value":"Why?"},{"from":"gpt","value":"So."}]}""", Description = "ShareGPT")]
    public void Prompts_in_all_forms_are_one(string line)
    {
        Assert.That(Load(line, ChatTemplate.Plain).Train.Prompts, Is.EqualTo(new[] { "Human: Why? Assistant:" }));
        Assert.That(Shown(Load(line, ChatTemplate.Chatml).Train.Prompts!.Single()), Is.EqualTo(
            "[[<|im_start|>]]user\nWhy?[[<|im_end|>]]\n[[<|im_start|>]]assistant\n"));
    }

    [Test]
    public void Preference_pairs_have_them_too_and_keep_their_line_breaks_where_asked()
    {
        File.WriteAllText(files.PathOf("p.jsonl"),
            """{"chosen":"\n\nHuman: a\nb\n\nAssistant: yes","rejected":"\n\nHuman: a\nb\n\nAssistant: no"}""");
        DataSplit Split(PreferenceDataOptions options) =>
            (options with { Path = "p.jsonl" }).Load(new DataContext("p", files.Folder, 8)).Train;
        var options = new PreferenceDataOptions { Template = ChatTemplate.Plain };
        Assert.That(Split(options).Prompts, Is.EqualTo(new[] { "Human: a b Assistant:" }));
        Assert.That(Split(options with { FoldWhitespace = false }).Prompts, Is.EqualTo(new[] { "Human: a\nb\n\nAssistant:" }));
        var chat = Split(options with { Template = ChatTemplate.Llama, FoldWhitespace = false });
        Assert.That(Shown(chat.Prompts!.Single()), Is.EqualTo("[[<|start_header_id|>]]user[[<|end_header_id|>]]\n\na\nb[[<|eot_id|>]]" +
            "[[<|start_header_id|>]]assistant[[<|end_header_id|>]]\n\n"));
        Assert.That((chat.Texts.Single(), chat.Rejected!.Single(), chat.HasControls), Is.EqualTo(("yes", "no", true)));
    }

    [TestCase("""{"prompt":[{"role":"assistant","content":"a"}],"text":"b"}""",
        "The template \"llama-2\" needs a question, an answer, a question and so on, perhaps after one system turn; a turn of the role " +
        "assistant is out of place.")]
    [TestCase("""{"prompt":[{"role":"user","content":"a"},{"role":"assistant","content":"a"}],"text":"b"}""",
        "The template \"llama-2\" needs a question as the last turn before the text.")]
    [TestCase("{\"prompt\":\"a \uFDD0<|im_end|>\uFDD1\",\"text\":\"b\"}",
        "A turn has U+FDD0 or U+FDD1, which are no characters of Unicode and mark control tokens here.")]
    [TestCase("""{"conversations":[{"from":"robot","value":"a"}]}""",
        "Message 1 of the field \"conversations\" has the role \"robot\", which is not understood; roles are system, human, gpt and tool.")]
    [TestCase("""{"conversations":"a"}""", "The field \"conversations\" is a string where an array of messages is expected.")]
    public void What_cannot_be_written_is_malformed(string line, string message) =>
        Assert.That(Assert.Throws<InvalidInputException>(() => Load(line, ChatTemplate.Llama2))!.Message, Does.EndWith($":1: {message}"));

    [Test]
    public void Templates_need_prompts()
    {
        files.Write("a.txt", "a\n");
        var lines = new TextDataOptions { Path = "a.txt", Template = ChatTemplate.Chatml };
        Assert.That(() => lines.Load(new DataContext("d", files.Folder, 32)), Throws.TypeOf<InvalidInputException>().With.Message.EqualTo(
            "$.data.d.template: a file of lines has no fields or prompts; set 'format' to \"json-lines\" if its lines are JSON objects."));
        Assert.That(new PreferenceDataOptions { Path = "a", Template = ChatTemplate.Chatml, Part = PreferencePart.Dialogue }
            .Validate("$.d").Single().ToString(), Is.EqualTo("$.d.template: whole dialogues have no prompt to write; set 'part' to " +
            "\"last-reply\"."));
    }

    /// <summary>A character is its code; 1000, 1001 and 1002 are ChatML's tokens and what starts a text.</summary>
    sealed class ChatTokenizer : ITokenizer
    {
        public int VocabularySize => 1003;
        public int StartId => 1002;
        public int? EndId => 1001;
        public int? UnknownId => null;
        public IReadOnlyList<string>? FittedVocabulary => null;
        public int? ControlId(string name) => name switch { "<|im_start|>" => 1000, "<|im_end|>" => 1001, _ => null };
        public IReadOnlyList<int> Encode(string text) => [.. text.Select(letter => (int)letter)];
        public string Decode(IReadOnlyList<int> ids) => string.Concat(ids.Where(id => id < 1000).Select(id => (char)id));
        public string TokenText(int id) => Decode([id]);
    }

    static IEnumerable<int> Codes(string text) => text.Select(letter => (int)letter);

    [Test]
    public void Ids_are_exact_and_what_a_user_spells_is_text()
    {
        var encoder = new TextEncoder(new ChatTokenizer(), 64, 60);
        var prompt = Load("""{"prompt":"a<|im_end|>","text":"b"}""", ChatTemplate.Chatml).Train.Prompts!.Single();
        int[] expected = [1000, .. Codes("user\na<|im_end|>"), 1001, '\n', 1000, .. Codes("assistant\n")];
        Assert.That(encoder.EncodePrompt(prompt, controls: true), Is.EqualTo(expected));
        var row = new long[64];
        encoder.EncodeRow("b", row, prompt, controls: true);
        Assert.That(row[..(expected.Length + 2)], Is.EqualTo(expected.Select(id => (long)id).Concat([(long)'b', 1001])));
        // Where no template made the prompt, marks in it are characters like others.
        var spelt = ControlText.Token("<|im_end|>");
        Assert.That(encoder.EncodePrompt(spelt), Is.EqualTo(Codes(spelt)));
    }

    [Test]
    public void A_tokenizer_without_the_tokens_is_rejected_and_plain_works_with_all()
    {
        var encoder = new TextEncoder(WordTokenizer.Restore(["<end>", "<unk>", "Human:", "Assistant:", "a"]), 16);
        DataSet Set(ChatTemplate template) => Load("""{"prompt":"a","text":"a"}""", template);
        Assert.That(encoder.EncodePrompt(Set(ChatTemplate.Plain).Train.Prompts!.Single(), controls: true), Is.EqualTo(new[] { 2, 4, 3 }));
        var error = Assert.Throws<InvalidInputException>(() =>
            encoder.EncodePrompt(Set(ChatTemplate.Llama).Train.Prompts!.Single(), controls: true))!;
        Assert.That(error.Message, Is.EqualTo("$.tokenizer: has no special token \"<|start_header_id|>\", which the 'template' of a data " +
            "set puts into its prompts; take the tokenizer of a model that was trained with it, or the template \"plain\", which works " +
            "with every tokenizer."));
    }
}
