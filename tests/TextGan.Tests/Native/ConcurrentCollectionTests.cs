using System.Diagnostics;
using System.Runtime;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using TextGan.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Native;

/// <summary>Numbers of tensor operations while other threads allocate and the garbage collector works beside them.</summary>
public class ConcurrentCollectionTests
{
    const string Calls = "TEXTGAN_TEST_CALLS", Bare = "TEXTGAN_TEST_BARE";

    [Test]
    public void Is_off_in_every_program()
    {
        Assert.That(GCSettings.LatencyMode, Is.EqualTo(GCLatencyMode.Batch), "this test host");
        var own = new DirectoryInfo(AppContext.BaseDirectory); // bin/CONFIGURATION/net10.0
        foreach (var program in (string[])["src/TextGan.Cli/bin/*/textgan-cli", "tests/TextGan.Benchmarks/bin/*/TextGan.Benchmarks"])
        {
            var file = Path.Combine(Repository.Root,
                program.Replace("*", Path.Combine(own.Parent!.Name, own.Name), StringComparison.Ordinal) + ".runtimeconfig.json");
            Assert.That((bool?)JsonNode.Parse(File.ReadAllText(file))!["runtimeOptions"]!["configProperties"]!["System.GC.Concurrent"],
                Is.False, file);
        }
    }

    [Test]
    public void Held_numbers_outlive_their_calls() => Assert.That(WrongIn(20_000, bare: false), Is.Zero);

    [Test, Category("Long")]
    public void Held_numbers_outlive_ten_million_calls() => Assert.That(WrongIn(10_000_000, bare: false), Is.Zero);

    /// <summary>The same calls with numbers as TorchSharp converts them: the test sees the fault.</summary>
    [Test, Category("Long")]
    public void Bare_numbers_do_not() => Assert.That(WrongIn(500_000, bare: true), Is.Positive);

    /// <summary>Calls that failed or gave a wrong result, in a process of its own.</summary>
    static int WrongIn(int calls, bool bare)
    {
        var start = new ProcessStartInfo("dotnet", ["vstest", typeof(ConcurrentCollectionTests).Assembly.Location,
            $"--TestCaseFilter:FullyQualifiedName~{nameof(ConcurrentCollectionTests)}.{nameof(Add)}",
                "--logger:console;verbosity=detailed"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["DOTNET_gcConcurrent"] = "1";
        start.Environment["DOTNET_GCgen0size"] = "40000"; // 256 KiB, so that collections are frequent
        start.Environment[Calls] = calls.ToString();
        start.Environment[Bare] = bare.ToString();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var wrong = output.Split('\n').FirstOrDefault(
            line => line.Contains(" of " + calls + " calls were wrong", StringComparison.Ordinal));
        Assert.That(wrong, Is.Not.Null, output);
        TestContext.Out.WriteLine(wrong!.Trim());
        return int.Parse(wrong.Trim().Split(' ')[0]);
    }

    /// <summary>In the process that the tests above begin: sums that convert one side before they read the factor of the other.</summary>
    [Test]
    public void Add()
    {
        var calls = Environment.GetEnvironmentVariable(Calls);
        if (calls is null) Assert.Ignore("For the other process.");
        Assert.That(GCSettings.LatencyMode, Is.EqualTo(GCLatencyMode.Interactive));
        var isBare = bool.Parse(Environment.GetEnvironmentVariable(Bare)!);
        using var stop = new CancellationTokenSource();
        var beside = new Thread(() => Allocate(stop.Token));
        beside.Start();
        set_num_threads(1);
        var count = int.Parse(calls!);
        var wrong = isBare ? Wrong(count, (a, b, factor) => a.add(b, factor))
            : Wrong(count, (a, b, factor) => a.add(b, HeldScalars.Held(factor)));
        stop.Cancel();
        beside.Join();
        TestContext.Out.WriteLine($"{wrong} of {count} calls were wrong");
    }

    static int Wrong(int calls, Func<Tensor, Tensor, double, Tensor> sum)
    {
        using var a = ones(1000, int64);
        using var b = ones(1000);
        var wrong = 0;
        for (var i = 0; i < calls; i++)
        {
            try
            {
                using var found = sum(a, b, i & 3);
                if (MemoryMarshal.Read<float>(found.bytes) != 1 + (i & 3)) wrong++;
            }
            catch (ExternalException)
            {
                wrong++;
            }
        }
        return wrong;
    }

    static void Allocate(CancellationToken stop)
    {
        var kept = new byte[1000][];
        for (var i = 0; !stop.IsCancellationRequested; i++) kept[i % kept.Length] = new byte[i % 2000];
    }
}
