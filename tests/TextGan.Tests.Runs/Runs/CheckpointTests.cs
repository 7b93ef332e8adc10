using TextGan.Storage;
using TextGan.Training;
using static TorchSharp.torch;

namespace TextGan.Tests.Runs;

public sealed class CheckpointTests
{
    static Checkpoint Write(TemporaryFiles files, string phase = "adversarial", long step = 7)
    {
        using var scope = NewDisposeScope();
        var bag = new StateBag();
        bag.Scope("generator").Put("weight", tensor(new float[,] { { 1, 2 }, { 3, float.NaN } }));
        bag.Scope("order").Put("drawn", long.MaxValue);
        bag.Put("mean", double.NaN);
        bag.Put("share", 0.1);
        var checkpoint = new Checkpoint(files.Folder, phase, step);
        checkpoint.Write(bag);
        bag.Clear();
        return checkpoint;
    }

    [Test]
    public void WhatIsWrittenComesBack()
    {
        using var files = new TemporaryFiles();
        var checkpoint = Write(files);
        Assert.That(Directory.EnumerateFiles(files.Folder).Select(Path.GetFileName).Order(),
            Is.EqualTo(new[] { "adversarial-00000007.json", "adversarial-00000007.safetensors", "adversarial-00000007.sha256" }),
            "and no temporary file stays");
        var bag = checkpoint.Read();
        Assert.That(bag.Scope("generator").GetTensor("weight").data<float>().ToArray(), Is.EqualTo(new[] { 1, 2, 3, float.NaN }));
        Assert.That(bag.Scope("order").GetLong("drawn"), Is.EqualTo(long.MaxValue));
        Assert.That(bag.GetDouble("mean"), Is.NaN);
        Assert.That(bag.GetDouble("share"), Is.EqualTo(0.1));
        Assert.That(bag.TensorNames(), Is.EqualTo(new[] { "generator/weight" }));
        Assert.That(bag.Has("share") && !bag.Has("weight") && bag.Scope("generator").Has("weight"));
        Assert.That(() => bag.GetTensor("x"), Throws.InstanceOf<KeyNotFoundException>()
            .With.Message.EqualTo("the checkpoint has no tensor 'x'"));
        Assert.That(() => bag.Scope("a").GetLong("x"),
            Throws.InstanceOf<KeyNotFoundException>().With.Message.EqualTo("the checkpoint has no value 'a/x'"));
        bag.Clear();
    }

    [Test]
    public void TheOldestComesFirstAndOtherFilesAreNone()
    {
        using var files = new TemporaryFiles();
        foreach (var (phase, step) in new[] { ("adversarial", 20L), ("pretraining", 300L), ("adversarial", 3L),
            ("discriminator-pretraining", 9L), ("pretraining", 4L), ("adversarial", 123_456_789L) }) Write(files, phase, step);
        foreach (var name in (string[])["notes.sha256", "adversarial.sha256", "adversarial-x.sha256", "other-00000001.sha256",
            "adversarial-1-2.sha256", "adversarial-7.sha256", "adversarial-00000098.json"]) files.Write(name, "{}");
        files.Write("adversarial-00000099.safetensors", "without its checksums a checkpoint is not there yet");
        Assert.That(Checkpoint.In(files.Folder).Select(one => one.Name),
            Is.EqualTo(new[] { "pretraining-00000004", "pretraining-00000300", "discriminator-pretraining-00000009", "adversarial-00000003",
                "adversarial-00000020", "adversarial-123456789" }));
        Assert.That(Checkpoint.In(files.PathOf("missing")), Is.Empty);
        Checkpoint.In(files.Folder)[0].Delete();
        Assert.That(Checkpoint.In(files.Folder), Has.Count.EqualTo(5));
        Assert.That(File.Exists(files.PathOf("pretraining-00000004.safetensors")), Is.False);
    }

    static string Refused(Checkpoint checkpoint) =>
        Assert.Throws<InvalidInputException>(() => checkpoint.Read())!.Problems.Single().ToString();

    [Test]
    public void AnyDamagedByteIsFound()
    {
        using var files = new TemporaryFiles();
        var checkpoint = Write(files);
        var good = File.ReadAllBytes(checkpoint.TensorFile);
        var expected = $"{checkpoint.TensorFile}: does not have the checksum that adversarial-00000007.sha256 names; it is damaged.";
        for (var place = 0; place < good.Length; place += 7)
        {
            var bad = good.ToArray();
            bad[place] ^= 1;
            File.WriteAllBytes(checkpoint.TensorFile, bad);
            Assert.That(Refused(checkpoint), Is.EqualTo(expected));
        }
        File.WriteAllBytes(checkpoint.TensorFile, good[..^1]);
        Assert.That(Refused(checkpoint), Is.EqualTo(expected));
        File.WriteAllBytes(checkpoint.TensorFile, []);
        Assert.That(Refused(checkpoint), Is.EqualTo(expected));
        File.WriteAllBytes(checkpoint.TensorFile, good);
        checkpoint.Read().Clear();
        File.Delete(checkpoint.TensorFile);
        Assert.That(Refused(checkpoint), Is.EqualTo($"{checkpoint.TensorFile}: The file does not exist."));
    }

    [Test]
    public void ADamagedStateIsRefused()
    {
        using var files = new TemporaryFiles();
        var checkpoint = Write(files);
        var good = File.ReadAllText(checkpoint.StateFile);
        var (sums, tensors) = (File.ReadAllText(checkpoint.ChecksumFile), File.ReadAllBytes(checkpoint.TensorFile));
        foreach (var bad in (string[])["", "{", "[]", "null", "1", good[..^3], "\0\0\0\0"])
        {
            File.WriteAllText(checkpoint.StateFile, bad);
            Assert.That(Refused(checkpoint),
                Is.EqualTo($"{checkpoint.StateFile}: does not have the checksum that adversarial-00000007.sha256 names; it is damaged."));
            // Not even with the right checksum.
            string Sum(byte[] bytes) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
            File.WriteAllText(checkpoint.ChecksumFile,
                Checksum.List([(Sum(tensors), checkpoint.TensorFile),
                (Sum(System.Text.Encoding.UTF8.GetBytes(bad)), checkpoint.StateFile)]));
            Assert.That(Refused(checkpoint), Does.StartWith($"{checkpoint.StateFile}: is not a readable checkpoint state (")
                .And.EndWith(")."));
            File.WriteAllText(checkpoint.ChecksumFile, sums);
        }
        File.WriteAllText(checkpoint.StateFile, good);
        checkpoint.Read().Clear();
        foreach (var bad in (string[])["", "abc", sums.Replace("  ", " ", StringComparison.Ordinal), sums[70..]])
        {
            File.WriteAllText(checkpoint.ChecksumFile, bad);
            Assert.That(Refused(checkpoint),
                Is.EqualTo($"{checkpoint.ChecksumFile}: has no checksum of adversarial-00000007.safetensors; it is damaged."));
        }
        File.WriteAllText(checkpoint.ChecksumFile, sums);
        File.Delete(checkpoint.StateFile);
        Assert.That(Refused(checkpoint), Is.EqualTo($"{checkpoint.StateFile}: The file does not exist."));
    }
}
