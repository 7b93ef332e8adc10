using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Operations;

public class OperationModeTests
{
    [TestCase(null)]
    [TestCase("")]
    [TestCase("tensors")]
    public void Allowed_values_are_no_problem(string? value) => Assert.That(OperationMode.ProblemOf(value), Is.Null);

    [Test]
    public void Plain_ends_with_its_scope()
    {
        var before = OperationMode.TensorsOnly;
        using (OperationMode.Plain())
        {
            Assert.That(OperationMode.TensorsOnly, Is.True);
            Assert.That(OperationMode.Description, Is.EqualTo("tensors"));
        }
        Assert.That(OperationMode.TensorsOnly, Is.EqualTo(before));
    }

    /// <summary>No loop accepts a tensor in this mode: whatever asks is answered no.</summary>
    [Test]
    public void No_loop_takes_a_tensor()
    {
        using var scope = NewDisposeScope();
        var x = zeros(64, 64);
        if (!OperationMode.TensorsOnly && TextGan.Operations.Cpu.Processor.HasWideVectors)
            Assert.That(TextGan.Operations.Cpu.CpuLoop.Supports(x), Is.True, "the control");
        using var mode = OperationMode.Plain();
        Assert.That(TextGan.Operations.Cpu.CpuLoop.Supports(x) || TextGan.Operations.Cpu.CpuLoop.SupportsCopy(x)
            || TextGan.Operations.Cpu.PackedMatrix.Supports(x), Is.False);
    }

    [TestCase("tensor", 2, "",
        "TEXTGAN_OPERATIONS: is 'tensor'; allowed are 'tensors' (every operation in its plain form) and no value (the fastest form).\n")]
    [TestCase("tensors", 0, "operations  tensors\n", "")]
    public void The_program_reads_the_variable(string value, int code, string output, string error)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(TextGan.Cli.Application).Assembly.Location, "doctor"]) {
            RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[OperationMode.Variable] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var words = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.EqualTo(code), words + errors.Result);
        Assert.That(errors.Result, Is.EqualTo(error));
        Assert.That(words, output == "" ? Is.Empty : Does.Match($@"operations +tensors\n"));
    }
}
