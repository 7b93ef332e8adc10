using System.Diagnostics;
using TextGan.Generators.Pretrained;
using TextGan.Runs;
using TextGan.Tests.Generators.Pretrained;
using TextGan.Tests.Tokenization.ByteLevel;
using static TorchSharp.torch;

namespace TextGan.Tests.Runs;

/// <summary>The estimate of a run's memory beside what a process really takes.</summary>
public class RunMemoryTests
{
    [TestCase("length=26", TestName = "A small LSTM")]
    [TestCase("training.batch=256", "generator.hidden=512", "generator.embedding=256", "tokenizer={\"kind\":\"ids\",\"vocabulary\":20000}",
        "data={\"text\":{\"kind\":\"oracle-lstm\",\"vocabulary\":20000,\"sentences\":300,\"heldOut\":20}}", "length=20",
        "discriminators=[{\"name\":\"real\",\"kind\":\"cnn\",\"data\":\"text\"}]", "evaluation.metrics=[]", "pretraining.batch=256",
        TestName = "A wide LSTM of 20,000 tokens", Category = "Long")]
    [TestCase("generator={\"kind\":\"relational-memory\"}", "tokenizer={\"kind\":\"ids\"}", "length=20",
        "data={\"text\":{\"kind\":\"oracle-lstm\",\"sentences\":300,\"heldOut\":20}}", "training.batch=64",
        "discriminators=[{\"name\":\"real\",\"kind\":\"cnn\",\"data\":\"text\",\"representations\":64,\"filters\":[300]," +
        "\"fullyConnected\":100,\"loss\":{\"kind\":\"relativistic\"}}]",
        "estimator={\"kind\":\"gumbel-softmax\",\"relaxation\":\"relaxed\",\"prefix\":\"constant\"}", "evaluation.metrics=[]",
        TestName = "RelGAN", Category = "Long")]
    public void Is_right_to_a_factor_of_two(params string[] changes)
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("Only Linux tells the peak of a process.");
        using var run = new SmallRun();
        string[] all = ["training.iterations=2", "pretraining.epochs=1", .. changes];
        var estimate = RunMemory.Estimate(run.Read(all));
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "textgan-cli.dll"), "run",
            "small.json", "--quiet", .. all.SelectMany(change => (string[])["--set", change])])
        {
            WorkingDirectory = run.Folder, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        long peak = 0;
        while (!process.WaitForExit(20)) peak = Math.Max(peak, PeakOf(process.Id));
        Assert.That(process.ExitCode, Is.Zero, process.StandardError.ReadToEnd());
        TestContext.Out.WriteLine($"estimated {estimate / 1e6:F0} MB, took {peak / 1e6:F0} MB");
        Assert.That(peak, Is.InRange(estimate / 2, estimate * 2));
    }

    [TestCase("evaluation.metrics=[{\"kind\":\"ranking\",\"data\":\"text\",\"teachers\":{\"t\":TEACHER}}]", "{\"kind\":\"n-gram\"}",
        "{\"kind\":\"model\",\"model\":\"model\"}")]
    [TestCase("discriminators=[{\"name\":\"t\",\"kind\":\"bag\"," +
        "\"loss\":{\"kind\":\"bradley-terry\"},\"teacherPreference\":{\"teacher\":TEACHER}}]",
        "{\"kind\":\"rule\",\"rule\":{\"kind\":\"length\",\"minimum\":1}}", "{\"kind\":\"language-model\",\"model\":\"model\"}")]
    [TestCase("regularizers=TEACHER", "{}", "{\"distillation\":{\"model\":\"model\"}}")]
    public void The_model_that_is_asked_counts(string change, string without, string with)
    {
        using var run = new SmallRun();
        var folder = Path.Combine(run.Folder, "model");
        TinyModel.Write(folder, TinyModel.Gpt2);
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), TinyTokenizer.Gpt2().ToJsonString());
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), """{ "tokenizer_class": "PreTrainedTokenizerFast" }""");
        long Estimate(string one) => RunMemory.Estimate(run.Read("length=12", change.Replace("TEACHER", one)));
        var more = Estimate(with) - Estimate(without);
        using var model = PretrainedModel.Read(folder, CPU);
        Assert.That(more, Is.EqualTo(sizeof(float) * model.parameters().Sum(parameter => parameter.numel())).Within(1).Percent);
    }

    static long PeakOf(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status")
                .FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line["VmHWM:".Length..].Replace("kB", "").Trim()) * 1024;
        }
        catch (IOException)
        {
            return 0; // it has just ended
        }
    }
}
