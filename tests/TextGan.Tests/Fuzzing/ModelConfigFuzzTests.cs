using System.Text;
using TextGan.Generators.Pretrained;
using TextGan.Tests.Generators.Pretrained;
using static TorchSharp.torch;

namespace TextGan.Tests.Fuzzing;

/// <summary>Damaged config.json: a model of the same size or a message, never memory for sizes that no file has.</summary>
public class ModelConfigFuzzTests
{
    [TestCase("llama", 300), TestCase("gpt2", 300), TestCase("llama", 3000, Category = "Long")]
    public void Damaged_configs(string kind, int count)
    {
        var config = kind == "llama" ? TinyModel.Llama : TinyModel.Gpt2;
        using var files = new TemporaryFiles();
        TinyModel.Write(files.Folder, config);
        var inputs = Mutation.Of([Encoding.UTF8.GetBytes(config)], "null", "0", "99999999", "-1", "1e999", "[", "{}");
        var (worked, refused) = Trial.Run(inputs, count, damaged =>
        {
            files.Write("config.json", damaged);
            using var scope = NewDisposeScope();
            using var model = PretrainedModel.Read(files.Folder, CPU);
            Assert.That(model.call(zeros(1, 3, int64)).shape[2], Is.EqualTo(TinyModel.V));
        });
        Assert.That(Math.Min(worked, refused), Is.GreaterThan(count / 100));
    }
}
