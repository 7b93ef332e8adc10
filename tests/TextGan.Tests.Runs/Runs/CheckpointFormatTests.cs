using System.Security.Cryptography;
using TextGan.Runs;
using TextGan.Tests.Runs;
using TextGan.Tests.Storage;
using TextGan.Training;
using TorchSharp;

namespace TextGan.Tests.Runs;

/// <summary>What other programs may rely on.</summary>
public class CheckpointFormatTests
{
    [Test]
    public void Weights_open_in_any_reader_and_the_checksums_are_those_of_the_files()
    {
        using var run = new SmallRun();
        using var one = new InterruptedRun(run.Read("training.iterations=2"), Path.Combine(run.Folder, "runs"));
        one.Go();
        using var stored = StoredRun.Load(one.Folder.Root, torch.CPU);
        var read = PublishedFormat.ReadFloats(stored.Checkpoint.TensorFile);
        foreach (var (name, parameter) in stored.Generator.named_parameters())
        {
            var (shape, values) = read[$"generator/{name}"];
            Assert.That(shape, Is.EqualTo(parameter.shape), name);
            Assert.That(values, Is.EqualTo(parameter.data<float>().ToArray()), name);
        }
        Assert.That(read.Keys, Has.Some.StartsWith("discriminators/real/weights/"));
        string Line(string file) => $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}  {Path.GetFileName(file)}\n";
        Assert.That(File.ReadAllText(stored.Checkpoint.ChecksumFile),
            Is.EqualTo(Line(stored.Checkpoint.TensorFile) + Line(stored.Checkpoint.StateFile)));
    }
}
