using System.Diagnostics;
using Spectre.Console;
using TextGan.Cli;
using TextGan.Cli.Commands;
using TextGan.Cli.Display;
using TextGan.Runs;
using TextGan.Tests.Reporting;

namespace TextGan.Tests.Cli;

/// <summary>A terminal of 40 columns: no line is longer, but for single words such as paths, which are left whole to be copied.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NarrowTerminalTests : IDisposable
{
    const int Columns = 40;

    readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    static IAnsiConsole Console(TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(output),
        });
        (console.Profile.Width, console.Profile.Height, console.Profile.Capabilities.Unicode) = (Columns, 40, true);
        return console;
    }

    (int Code, string[] Lines) Run(RunStarter? start, params string[] arguments)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var terminal = new Terminal(output, error, new ManualTime(), place.Folder)
        {
            Variable = _ => null, Live = Console(output), ShowsErrors = true,
        };
        var code = Application.Run(arguments, terminal, start);
        return (code, [.. Screen.After(output.ToString()).Lines, .. error.ToString().Split('\n')]);
    }

    static void AreShort(IEnumerable<string> lines, string what) => Assert.That(
        lines.Where(line => line.GetCellWidth() > Columns && line.Trim().Contains(' ')), Is.Empty, what);

    [TestCase("list")]
    [TestCase("list --kinds")]
    [TestCase("describe reinforce")]
    [TestCase("doctor")]
    [TestCase("status runs")]
    [TestCase("front runs")]
    [TestCase("validate --set lenght=7")]
    [TestCase("report nowhere runs")]
    [TestCase("nothing")]
    [TestCase("run --only nothing")]
    public void Every_line_of_a_command_fits(string command)
    {
        foreach (var name in (string[])["a-rather-long-name-of-an-experiment", "second"])
            foreach (var seed in (int[])[1, 2])
            {
                Dictionary<string, double> values = new() { ["helpful"] = seed / 8.0, ["harmless"] = name.Length / 64.0 };
                HandMadeRun.Write(place.At("runs"), name, seed, [values, values]);
            }
        var (_, lines) = Run(null, command.Split(' '));
        Assert.That(lines.Count(line => line.Length > 0), Is.GreaterThanOrEqualTo(1));
        AreShort(lines, string.Join('\n', lines));
    }

    [Test]
    public void The_results_of_runs_fit()
    {
        var folders = ((int[])[1, 2]).Select(seed => HandMadeRun.Write(place.At("runs"), "a-rather-long-name-of-an-experiment", seed,
            "helpful", 0.25, 0.5 + seed / 8.0)).ToArray();
        var (code, lines) = Run((_, sink, _, _) =>
        {
            sink.Receive(new RunEvent.AllEnded(folders));
            return [.. folders.Select((folder, i) => new RunResult("a-rather-long-name-of-an-experiment", i + 1, "finished", null, folder,
                new Dictionary<string, double> { ["helpful"] = 0.5, ["exact-optimum-objective-of-a-judge"] = 1.5 }))];
        }, "run");
        Assert.That(code, Is.Zero);
        AreShort(lines, string.Join('\n', lines));
        Assert.That(lines, Does.Contain("a-rather-long-name-of-an-experiment").And.Contain("  seeds 2"));
    }

    [Test]
    public void The_live_view_fits_and_shows_how_long_it_will_take()
    {
        var (output, time) = (new StringWriter { NewLine = "\n" }, new ManualTime());
        var progress = new TerminalProgress(Console(output), time);
        IReadOnlyList<string> middle = [];
        progress.While(() =>
        {
            ScriptedRun.Play(progress, time, inTheMiddle: () =>
            {
                time.Advance(TimeSpan.FromSeconds(0.2));
                middle = Screen.After(output.ToString()).Lines;
            }, name: "a-rather-long-name-of-an-experiment");
            return 0;
        });
        AreShort(middle, string.Join('\n', middle));
        Assert.That(middle, Does.Contain("  pretraining ━━━──  60%  0:30").And.Contain("  adversarial ━━━──  60%  0:16 left"));
    }

    /// <summary>The real program at a pseudo terminal, with and without NO_COLOR: bold is no colour and stays.</summary>
    [Test]
    public void Without_colours_no_colour_is_written()
    {
        if (!File.Exists("/usr/bin/script")) Assert.Ignore("script (util-linux) is not installed.");
        var coloured = Live(false);
        Assert.That(coloured, Does.Match("\u001b\\[[0-9;]*(3[0-9]|9[0-9]|38;5;[0-9]+)m"), "else the test shows nothing");
        Assert.That(Live(true), Does.Not.Match("\u001b\\[([0-9;]*;)?(3[0-9]|4[0-9]|9[0-9]|38;5;[0-9]+)m"));

        string Live(bool isPlain)
        {
            var program = Path.Combine(TestContext.CurrentContext.TestDirectory, "textgan-cli.dll");
            var start = new ProcessStartInfo("script", ["-qec", $"stty cols 100 rows 30; dotnet '{program}' run --only first --restart",
                "/dev/null"]) { WorkingDirectory = place.Folder, RedirectStandardOutput = true, RedirectStandardInput = true };
            start.Environment["TERM"] = "xterm-256color";
            if (isPlain) start.Environment["NO_COLOR"] = "1";
            else start.Environment.Remove("NO_COLOR");
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.That(output, Does.Contain("1 run finished"), output);
            return output;
        }
    }
}
