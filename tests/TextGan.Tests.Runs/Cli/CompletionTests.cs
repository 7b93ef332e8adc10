using System.Diagnostics;
using TextGan.Tests.Reporting;

namespace TextGan.Tests.Cli;

/// <summary>What shells complete: the directive that scripts ask, and the scripts in real shells.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CompletionTests : IDisposable
{
    readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    string[] Suggested(string line)
    {
        var run = CommandRun.In(place.Folder, null, $"[suggest:{line.Length}]", line);
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "")), line);
        return run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    void WriteRuns()
    {
        HandMadeRun.Write(place.At("runs"), "first", 1, "helpful", 0.25, 0.5);
        HandMadeRun.Write(place.At("runs"), "second", 12, "helpful", 0.25, 0.5);
        Directory.CreateDirectory(place.At("runs", "shared", "pretraining-1"));
    }

    [Test]
    public void Commands_options_kinds_and_families_are_offered()
    {
        Assert.That(Suggested("val"), Does.Contain("validate"));
        Assert.That(Suggested("run --see"), Is.EqualTo(new[] { "--seeds" }));
        Assert.That(Suggested("describe gumb"), Is.EqualTo(new[] { "gumbel-softmax" }));
        Assert.That(Suggested("describe traini"), Is.EqualTo(new[] { "training" }));
        Assert.That(Suggested("list --kinds comb"), Is.EqualTo(new[] { "combiner" }));
        Assert.That(Suggested("completion "), Is.SupersetOf(new[] { "bash", "zsh", "pwsh" }));
    }

    [Test]
    public void Experiments_and_runs_come_from_the_file_that_is_named()
    {
        File.WriteAllText(place.At("other.json"), """{ "name": "third", "seeds": [4, 5] }""");
        Assert.That(Suggested("run --only "), Is.EqualTo(new[] { "first", "second" }), "of the file in the folder");
        Assert.That(Suggested("validate other.json --only "), Is.EqualTo(new[] { "third" }), "though it is not finished");
        Assert.That(Suggested("run --only first,se"), Is.EqualTo(new[] { "first,second" }));
        Assert.That(Suggested("run --run second"), Is.EqualTo(new[] { "second/1", "second/2" }));
        Assert.That(Suggested("run other.json --run "), Is.EqualTo(new[] { "third/4", "third/5" }));
        Assert.That(Suggested("run missing.json --only "), Is.Empty);
    }

    [Test]
    public void Settings_of_sweeps_and_the_sweep_itself_are_offered_whatever_variables_are_unset()
    {
        File.WriteAllText(place.At("experiments.json"), Workplace.Experiments.Replace("sentences.txt", "${TEXTGAN_NOT_SET}")
            .Replace("\"description\"", "\"sweep\": { \"length\": [5, 6] }, \"description\""));
        Assert.That(Suggested("run --only f"), Is.EqualTo(new[] { "first", "first+length=5", "first+length=6" }));
    }

    [Test]
    public void Run_folders_are_offered_as_they_are_typed()
    {
        WriteRuns();
        Assert.That(Suggested("sample ru"), Is.EqualTo(new[] { "runs/first/", "runs/second/" }));
        Assert.That(Suggested("report runs/second/"), Is.EqualTo(new[] { "runs/second/12" }));
        Assert.That(Suggested("report runs/first/1 runs/s"), Is.EqualTo(new[] { "runs/second/" }));
        Assert.That(Suggested("report nowhere/"), Is.Empty);
    }

    [TestCase("bash", "complete -o bashdefault -o default -F _textgan textgan\n")]
    [TestCase("zsh", "compdef _textgan textgan")]
    [TestCase("pwsh", "Register-ArgumentCompleter -Native -CommandName textgan")]
    public void A_script_is_printed_for_each_shell(string shell, string part)
    {
        var run = CommandRun.Of("completion", shell);
        Assert.That((run.Code, run.Error), Is.EqualTo((0, "")));
        Assert.That(run.Output, Does.Contain(part).And.Contain("[suggest:").And.Not.Contain("\r"));
    }

    [Test]
    public void Another_shell_is_rejected() => Assert.That(CommandRun.Of("completion", "fish"),
        Is.EqualTo(new CommandRun(2, "", "SHELL: there is no script for 'fish'; there are bash, zsh, pwsh.\n")));

    static string Program { get; } = Path.Combine(TestContext.CurrentContext.TestDirectory, "textgan-cli.dll");

    /// <summary>A program "textgan" in a folder of its own, which a shell finds first.</summary>
    string ProgramFolder()
    {
        var folder = Directory.CreateDirectory(place.At("bin")).FullName;
        File.WriteAllText(Path.Combine(folder, "textgan"), $"#!/bin/sh\nexec dotnet '{Program}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(folder, "textgan"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return folder;
    }

    string Shell(string shell, string script)
    {
        if (!File.Exists($"/bin/{shell}") && !File.Exists($"/usr/bin/{shell}")) Assert.Ignore($"{shell} is not installed.");
        var start = new ProcessStartInfo(shell, shell == "bash" ? ["--norc", "--noprofile", "-c", script] : ["-f", "-c", script])
        {
            WorkingDirectory = place.Folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        start.Environment["PATH"] = $"{ProgramFolder()}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(TimeSpan.FromMinutes(2))) process.Kill(entireProcessTree: true);
        Assert.That(error.Result, Is.Empty, output);
        return output;
    }

    /// <summary>
    /// What Readline would be given: words are broken at '=' and ':', as in an interactive bash, and the function is called as bash does.
    /// </summary>
    [TestCase("textgan val", "textgan val", "validate")]
    [TestCase("textgan run --only se", "textgan run --only se", "second")]
    [TestCase("textgan run --only=fi", "textgan run --only = fi", "first")]
    [TestCase("textgan run --run second/", "textgan run --run second/", "second/1 second/2")]
    [TestCase("textgan run --see", "textgan run --see", "--seeds")]
    [TestCase("textgan report runs/sec", "textgan report runs/sec", "runs/second/")]
    [TestCase("textgan run sent", "textgan run sent", "", TestName = "In_bash_files_are_completed_by_bash")]
    [TestCase("/opt/textgan describe pcg", "/opt/textgan describe pcg", "pcgrad")]
    public void In_bash(string line, string words, string completed)
    {
        WriteRuns();
        var all = words.Split(' ');
        var output = Shell("bash", $$"""
            source <(textgan completion bash)
            complete -p textgan
            compopt() { :; }
            COMP_LINE='{{line}}' COMP_POINT={{line.Length}} COMP_CWORD={{all.Length - 1}}
            COMP_WORDS=({{string.Join(' ', all.Select(word => $"'{word}'"))}})
            _textgan textgan '{{all[^1]}}' '{{all[^2]}}'
            echo "${COMPREPLY[*]}"
            """.ReplaceLineEndings("\n"));
        Assert.That(output, Is.EqualTo($"complete -o bashdefault -o default -F _textgan textgan\n{completed}\n"));
    }

    /// <summary>A real zsh at a pseudo terminal of its own, in which the tabulator is pressed.</summary>
    [TestCase(@"textgan vali\t", "textgan validate")]
    [TestCase(@"textgan run --only se\t", "textgan run --only second")]
    [TestCase(@"textgan run --only=fi\t", "textgan run --only=first")]
    [TestCase(@"textgan describe pcg\t", "textgan describe pcgrad")]
    [TestCase(@"textgan report runs/sec\t", "textgan report runs/second/")]
    [TestCase(@"textgan validate experim\t", "textgan validate experiments.json")]
    public void In_zsh(string typed, string completed)
    {
        WriteRuns();
        var output = Shell("zsh", $$"""
            zmodload zsh/zpty
            zpty shell zsh -f -i
            zpty -w shell "PS1='> '; autoload -U compinit; compinit -D -u; source <(textgan completion zsh)"
            zpty -w shell "show() { print -r -- \"<<\$BUFFER>>\" }; zle -N show; bindkey '^X' show; print rea''dy"
            zpty -r shell line '*ready*'
            zpty -n -w shell $'{{typed}}\x18'
            zpty -r shell line '*<<*>>*'
            print -r -- "$line"
            zpty -d shell
            """.ReplaceLineEndings("\n"));
        Assert.That(output, Does.Contain($"<<{completed}"), output);
    }
}
