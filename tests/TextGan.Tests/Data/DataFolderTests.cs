using TextGan.Data;

namespace TextGan.Tests.Data;

/// <summary>Folders in the layout of the Hugging Face hub.</summary>
public sealed class DataFolderTests : FileTests
{
    DataSet Load(TextDataOptions options) => options.Load(new DataContext("set", files.Folder, 32));

    void Write(string name, params string[] texts)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(files.PathOf(name))!);
        var isJson = name.Contains(".json", StringComparison.Ordinal);
        files.Write(name, string.Concat(texts.Select(text => isJson ? $"{{\"text\": \"{text}\"}}\n" : text + "\n")));
    }

    void Refused(TextDataOptions options, string message) =>
        Assert.That(() => Load(options), Throws.TypeOf<InvalidInputException>().With.Message.EqualTo($"{files.PathOf("set")}: {message}"));

    [TestCase("data/train-00000-of-00002.jsonl", "data/train-00001-of-00002.jsonl", "data/test-00000-of-00001.jsonl")]
    [TestCase("data/train-00000-of-00002-1a2b3c4d.jsonl", "data/train-00001-of-00002-5e6f7a8b.jsonl", "data/test-00000-of-00001-9c.jsonl")]
    [TestCase("train-00000-of-00002.jsonl", "train-00001-of-00002.jsonl", "test.jsonl")]
    [TestCase("train_0.jsonl", "train_1.jsonl", "evaluation.jsonl")]
    [TestCase("my-train-a.txt", "my-train-b.txt", "my_test.txt")]
    [TestCase("train/a.jsonl", "train/b.jsonl", "test/a.jsonl")]
    [TestCase("data/training/a.txt", "data/training/b.txt", "data/eval/a.txt")]
    public void Splits_are_told_by_names(string first, string second, string test)
    {
        Write("set/" + second, "two", "three");
        Write("set/" + first, "one");
        Write("set/" + test, "four");
        Write("set/README.md", "about");
        Write("set/dataset_info.json", "about");
        var set = Load(new() { Path = "set", HeldOutSplit = "test" });
        Assert.That(set.Train.Texts, Is.EqualTo(new[] { "one", "two", "three" }));
        Assert.That(set.HeldOut.Texts, Is.EqualTo(new[] { "four" }));
        Assert.That(set.Summary, Is.EqualTo(
            $"3 texts from 2 files of {files.PathOf("set")}, {first} the first; 1 held out from {files.PathOf("set/" + test)}"));
        Assert.That(Load(new() { Path = "set", Split = "test" }).Train.Texts, Is.EqualTo(new[] { "four" }));
    }

    [Test]
    public void Any_split_can_be_named()
    {
        Write("set/data/train_sft-00000-of-00001.jsonl", "one");
        Write("set/data/test_sft-00000-of-00001.jsonl", "two");
        Write("set/data/val-00000-of-00001.jsonl", "three");
        Assert.That(Load(new() { Path = "set", Split = "test_sft" }).Train.Texts, Is.EqualTo(new[] { "two" }));
        Assert.That(Load(new() { Path = "set", Split = "validation" }).Train.Texts, Is.EqualTo(new[] { "three" }));
        Refused(new() { Path = "set" },
            "The folder has no split \"train\"; name one of its splits: \"test_sft\", \"train_sft\", \"val\".");
        Refused(new() { Path = "set", Split = "train" },
            "The folder has no split \"train\"; its splits are \"test_sft\", \"train_sft\", \"val\".");
        Refused(new() { Path = "set", Split = "val", HeldOutSplit = "validation" },
            "The held-out files are the training files; name another split or another file.");
    }

    [Test]
    public void Files_that_tell_no_split_are_training_data()
    {
        Write("set/a.jsonl", "one");
        Write("set/b.jsonl", "two");
        Assert.That(Load(new() { Path = "set" }).Train.Texts, Is.EqualTo(new[] { "one", "two" }));
        Write("set/test.jsonl", "three");
        Assert.That(Load(new() { Path = "set" }).Train.Texts, Is.EqualTo(new[] { "three" }), "the only split that is told");
    }

    [Test]
    public void The_default_split_is_found_by_its_other_name()
    {
        Write("set/training-00000-of-00001.jsonl", "one");
        Write("set/test-00000-of-00001.jsonl", "two");
        Assert.That(Load(new() { Path = "set" }).Train.Texts, Is.EqualTo(new[] { "one" }));
    }

    [Test]
    public void Only_texts_about_the_data_are_left_out()
    {
        Write("set/citations-train.jsonl", "one");
        Write("set/notice.train.jsonl", "two");
        Write("set/readmes_train.jsonl", "three");
        Assert.That(Load(new() { Path = "set" }).Train.Texts, Is.EqualTo(new[] { "one", "two", "three" }));
        Directory.Delete(files.PathOf("set"), recursive: true);
        Write("set/LICENSE.txt", "about");
        Write("set/Citation.txt", "about");
        Write("set/licenses.txt", "one");
        Assert.That(Load(new() { Path = "set" }).Train.Texts, Is.EqualTo(new[] { "one" }));
    }

    [Test]
    public void A_file_and_its_compressed_copy_are_not_both_read()
    {
        Write("set/data/train.jsonl", "one");
        files.WriteGzip("set/data/train.jsonl.gz", "{\"text\": \"one\"}\n");
        Write("set/data/test.jsonl", "two");
        Refused(new() { Path = "set" }, "The split \"train\" has \"train.jsonl\", \"train.jsonl.gz\", a file plain and compressed; " +
            "remove one of them, or name the file that is meant.");
        Assert.That(Load(new() { Path = "set", Split = "test" }).Train.Texts, Is.EqualTo(new[] { "two" }));
    }

    [Test]
    public void What_is_wrong_with_a_folder_is_told()
    {
        Write("set/train-00000-of-00003.jsonl", "one");
        Write("set/train-00002-of-00003.jsonl", "two");
        Refused(new() { Path = "set" }, "A part of the split \"train\" is missing: train-00001-of-00003.");
        Write("set/train.txt", "one");
        Refused(new() { Path = "set" },
            "The files of the split \"train\" have several forms (.jsonl, .txt); name the file that is meant.");
        Directory.Delete(files.PathOf("set"), recursive: true);
        Write("set/en/train.jsonl", "one");
        Write("set/de/train.jsonl", "eins");
        Refused(new() { Path = "set" }, "The folder has no data files (.parquet; .jsonl, .ndjson, .json, .txt, plain or .gz), but " +
            "these in it have: \"de\", \"en\". Name one of them.");
        Directory.Delete(files.PathOf("set"), recursive: true);
        Write("set/train/data-00000-of-00001.arrow", "");
        Refused(new() { Path = "set" }, "The folder has no data files (.parquet; .jsonl, .ndjson, .json, .txt, plain or .gz); Arrow " +
            "files of save_to_disk are not read. Write them as Parquet with to_parquet.");
        Write("a.jsonl", "one");
        Assert.That(() => Load(new() { Path = "a.jsonl", Split = "test" }), Throws.TypeOf<InvalidInputException>().With.Message.EqualTo(
            $"{files.PathOf("a.jsonl")}: This is a file, and splits (\"test\") are found in folders; name the folder, or leave the split " +
            "out."));
        Assert.That(new TextDataOptions { Path = "set", HeldOut = 0.5, HeldOutSplit = "test" }.Validate("$.data.set").Single().ToString(),
            Is.EqualTo("$.data.set.heldOut: 0.5 cannot be combined with \"heldOutSplit\"; give one of them: a share of the split, or " +
                "another split."));
    }

    [Test]
    public void The_place_of_a_fault_is_in_its_own_file()
    {
        Write("set/train-00000-of-00002.jsonl", "one");
        files.Write("set/train-00001-of-00002.jsonl", "{}\n");
        Assert.That(() => Load(new() { Path = "set" }), Throws.TypeOf<InvalidInputException>().With.Message.EqualTo(
            $"{files.PathOf("set/train-00001-of-00002.jsonl")}:1: The object has neither \"text\" nor an array \"messages\"."));
    }

    [Test]
    public void A_checksum_covers_the_splits_that_are_read()
    {
        Write("set/train.jsonl", "one");
        Write("set/test.jsonl", "two");
        Write("set/validation.jsonl", "three");
        Write("set/.git/config", "x");
        Assert.That(new TextDataOptions { Path = "set", HeldOutSplit = "test" }.FilesIn(files.PathOf("set")),
            Is.EqualTo(new[] { files.PathOf("set/train.jsonl"), files.PathOf("set/test.jsonl") }));
        Assert.That(new PreferenceDataOptions { Path = "set", Split = "validation" }.FilesIn(files.PathOf("set")),
            Is.EqualTo(new[] { files.PathOf("set/validation.jsonl") }));
    }
}
