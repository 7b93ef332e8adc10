using System.Text.Json.Nodes;
using TextGan.Problems;
using TextGan.Storage;
using TextGan.Training;
using static TorchSharp.torch;

namespace TextGan.Tests.Training;

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
        Assert.That(Directory.EnumerateFiles(files.Folder).Select(Path.GetFileName).Order(), Is.EqualTo(new[] { "adversarial-00000007.json", "adversarial-00000007.safetensors" }), "and no temporary file stays");
        var bag = checkpoint.Read();
        Assert.That(bag.Scope("generator").GetTensor("weight").data<float>().ToArray(), Is.EqualTo(new[] { 1, 2, 3, float.NaN }));
        Assert.That(bag.Scope("order").GetLong("drawn"), Is.EqualTo(long.MaxValue));
        Assert.That(bag.GetDouble("mean"), Is.NaN);
        Assert.That(bag.GetDouble("share"), Is.EqualTo(0.1));
        Assert.That(bag.TensorNames(), Is.EqualTo(new[] { "generator/weight" }));
        Assert.That(bag.Has("share") && !bag.Has("weight") && bag.Scope("generator").Has("weight"));
        Assert.That(() => bag.GetTensor("x"), Throws.InstanceOf<KeyNotFoundException>().With.Message.EqualTo("the checkpoint has no tensor 'x'"));
        Assert.That(() => bag.Scope("a").GetLong("x"), Throws.InstanceOf<KeyNotFoundException>().With.Message.EqualTo("the checkpoint has no value 'a/x'"));
        bag.Clear();
    }

    [Test]
    public void TheOldestComesFirstAndOtherFilesAreNone()
    {
        using var files = new TemporaryFiles();
        foreach (var (phase, step) in new[] { ("adversarial", 20L), ("pretraining", 300L), ("adversarial", 3L), ("pretraining", 4L), ("adversarial", 123_456_789L) }) Write(files, phase, step);
        foreach (var name in (string[])["notes.json", "adversarial.json", "adversarial-x.json", "other-00000001.json", "adversarial-1-2.json"]) files.Write(name, "{}");
        files.Write("adversarial-00000099.safetensors", "without its state a checkpoint is not there yet");
        Assert.That(Checkpoint.In(files.Folder).Select(one => one.Name),
            Is.EqualTo(new[] { "pretraining-00000004", "pretraining-00000300", "adversarial-00000003", "adversarial-00000020", "adversarial-123456789" }));
        Assert.That(Checkpoint.In(files.PathOf("missing")), Is.Empty);
        Checkpoint.In(files.Folder)[0].Delete();
        Assert.That(Checkpoint.In(files.Folder), Has.Count.EqualTo(4));
        Assert.That(File.Exists(files.PathOf("pretraining-00000004.safetensors")), Is.False);
    }

    static string Refused(Checkpoint checkpoint) => Assert.Throws<InvalidInputException>(() => checkpoint.Read())!.Problems.Single().ToString();

    [Test]
    public void AnyDamagedByteIsFound()
    {
        using var files = new TemporaryFiles();
        var checkpoint = Write(files);
        var good = File.ReadAllBytes(checkpoint.TensorFile);
        var expected = $"{checkpoint.TensorFile}: does not have the checksum that adversarial-00000007.json names; it is damaged.";
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
        Assert.That(Refused(checkpoint), Is.EqualTo($"{checkpoint.TensorFile}: is missing; the checkpoint is incomplete."));
    }

    [Test]
    public void ADamagedStateIsRefused()
    {
        using var files = new TemporaryFiles();
        var checkpoint = Write(files);
        var good = File.ReadAllText(checkpoint.StateFile);
        foreach (var bad in (string[])["", "{", "[]", "null", "1", good[..^3], "\0\0\0\0"])
        {
            File.WriteAllText(checkpoint.StateFile, bad);
            Assert.That(Refused(checkpoint), Does.StartWith($"{checkpoint.StateFile}: is no readable checkpoint state (").And.EndWith(")."));
        }
        foreach (var sum in (JsonNode?[])[null, 5, "", "abc"])
        {
            var state = JsonNode.Parse(good)!.AsObject();
            state["sha256"] = sum?.DeepClone();
            File.WriteAllText(checkpoint.StateFile, state.ToJsonString());
            Assert.That(Refused(checkpoint), Does.EndWith("does not have the checksum that adversarial-00000007.json names; it is damaged."));
        }
        File.Delete(checkpoint.StateFile);
        Assert.That(Refused(checkpoint), Does.StartWith($"{checkpoint.StateFile}: is no readable checkpoint state ("));
    }
}
