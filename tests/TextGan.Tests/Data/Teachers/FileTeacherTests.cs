using TextGan.Data.Teachers;
using TextGan.Problems;
using static TorchSharp.torch;

namespace TextGan.Tests.Data.Teachers;

public sealed class FileTeacherTests
{
    static Teacher Teacher(TemporaryFiles files, string content)
    {
        File.WriteAllText(files.PathOf("labels.jsonl"), content);
        return new FileTeacherOptions { Path = files.PathOf("labels.jsonl") }
            .Build(new TeacherContext("", CPU) { NotesFolder = files.PathOf("notes") });
    }

    [Test]
    public void It_gives_the_labels_of_its_file_and_notes_the_others_once()
    {
        using var files = new TemporaryFiles();
        const string content = "{\"text\":\"a\",\"label\":true}\n{\"text\":\"b\",\"label\":false}\n" +
            "{\"text\":\"c\",\"label\":null}\n{\"text\":\"a\",\"prompt\":\"q\",\"label\":false}\n";
        TeacherText[] texts = [new("a"), new("b"), new("c"), new("a", "q"), new("d\u001b", "q"), new("c")];
        bool?[] expected = [true, false, null, false, null, null];
        using (var teacher = Teacher(files, content)) Assert.That(teacher.LabelSome(texts), Is.EqualTo(expected));
        var file = Path.Combine(files.PathOf("notes"), "to-label.jsonl");
        string[] noted = ["{\"text\":\"c\",\"label\":null}", "{\"text\":\"d\\u001B\",\"label\":null,\"prompt\":\"q\"}"];
        Assert.That(File.ReadAllLines(file), Is.EqualTo(noted));
        // A run that is resumed after it was killed in the middle of a line notes nothing twice.
        File.AppendAllText(file, "{\"te");
        using (var teacher = Teacher(files, content)) Assert.That(teacher.LabelSome(texts), Is.EqualTo(expected));
        Assert.That(File.ReadAllLines(file), Is.EqualTo(noted));
        // What was filled in can be read.
        using var filled = Teacher(files, content + File.ReadAllText(file).Replace("null", "true"));
        Assert.That(filled.LabelSome(texts), Is.EqualTo(new bool?[] { true, false, true, false, true, true }));
    }

    [Test]
    public void A_text_that_was_cut_has_the_label_of_its_words()
    {
        using var files = new TemporaryFiles();
        TeacherText known = new("a", null, Ended: false), unknown = new("b", "q", Ended: false);
        using (var teacher = Teacher(files, "{\"text\":\"a\",\"label\":true}\n"))
            Assert.That(teacher.LabelSome([known, unknown, unknown with { Ended = true }]), Is.EqualTo(new bool?[] { true, null, null }));
        Assert.That(File.ReadAllLines(Path.Combine(files.PathOf("notes"), "to-label.jsonl")), Has.Length.EqualTo(1));

        var asked = 0;
        Teacher Person() => new PersonTeacherOptions().Build(new TeacherContext("", CPU)
        {
            NotesFolder = files.PathOf("person"), Ask = (_, _) => ++asked > 0,
        });
        for (var i = 0; i < 2; i++)
            using (var person = Person())
                Assert.That(person.LabelSome([known, unknown]), Is.EqualTo(new bool?[] { true, true }));
        Assert.That(asked, Is.EqualTo(2), "a run that is resumed asks nothing twice");
    }

    [TestCase("{\"text\":\"a\",\"label\":1}", ":1: The field \"label\" is a number where true, false or null is expected.")]
    [TestCase("{\"text\":\"a\"}", ":1: The object has no \"label\".")]
    [TestCase("{\"label\":true}", ":1: The object has no \"text\".")]
    [TestCase("{\"text\":\"a\",\"label\":true}\n{\"text\":\"a\",\"label\":false}",
        ":2: The text \"a\" has the label false, but true in a line before.")]
    [TestCase("", ": The file is empty.")]
    public void A_bad_line_is_named(string content, string message)
    {
        using var files = new TemporaryFiles();
        Assert.That(Assert.Throws<InvalidInputException>(() => Teacher(files, content))!.Problems.Single().ToString(),
            Is.EqualTo(files.PathOf("labels.jsonl") + message));
    }
}
