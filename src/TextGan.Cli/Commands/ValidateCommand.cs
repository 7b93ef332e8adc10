using System.Text.Json.Nodes;
using TextGan.Storage;
using static TorchSharp.torch;

namespace TextGan.Cli.Commands;

/// <summary>Checks a file of experiments without running anything.</summary>
public static class ValidateCommand
{
    public static Command Create(Terminal terminal)
    {
        var files = new ExperimentFiles();
        var quick = new Option<bool>("--quick") { Description = "Do not read data and tokenizer files; only check that they exist." };
        var command = new Command(
            "validate", "Check experiments without running them, with the data and tokenizer files that they read. Exit code 2 and all " +
            "problems if something is wrong.");
        var form = new ResultForm(hasQuiet: true);
        files.AddTo(command, terminal);
        command.Add(quick);
        form.AddTo(command);
        command.SetAction(parsed =>
        {
            if (form.IsJson(parsed)) return Json(() => Check(parsed, _ => { }), terminal);
            Action<string> say = form.IsQuiet(parsed) ? _ => { } : terminal.WriteLine;
            var experiments = Check(parsed, say);
            say($"{Amount.Of(experiments.Count, "experiment")}, no problems.");
            return ExitCode.Success;
        });
        return command;

        IReadOnlyList<LoadedExperiment> Check(ParseResult parsed, Action<string> say)
        {
            var experiments = files.Read(parsed, terminal);
            if (parsed.GetValue(quick)) foreach (var experiment in experiments) say(Fine(experiment));
            else Load(experiments, say, form.IsQuiet(parsed) ? terminal.WriteError : say);
            return experiments;
        }
    }

    /// <summary>What is wrong is a result here, and no message.</summary>
    static int Json(Func<IReadOnlyList<LoadedExperiment>> check, Terminal terminal)
    {
        var (experiments, problems) = ((IReadOnlyList<LoadedExperiment>)[], (IReadOnlyList<Problem>)[]);
        try
        {
            experiments = check();
        }
        catch (InvalidInputException refused)
        {
            problems = refused.Problems;
        }
        ResultForm.Write(new JsonObject
        {
            ["valid"] = problems.Count == 0,
            ["experiments"] = ResultForm.Texts(experiments.Select(experiment => experiment.Options.Name)),
            ["problems"] = new JsonArray(
                [.. problems.Select(problem => new JsonObject { ["place"] = problem.Place, ["message"] = problem.Message })]),
        }, terminal);
        return problems.Count == 0 ? ExitCode.Success : ExitCode.BadInput;
    }

    /// <summary>Reads what the runs would read; all that is wrong is thrown at the end.</summary>
    static void Load(IReadOnlyList<LoadedExperiment> experiments, Action<string> say, Action<string> warn)
    {
        var (problems, hashes, fingerprints) = (new ProblemList(), new ContentHashes(), new List<RunFingerprint>());
        foreach (var experiment in experiments) problems.Note(() => fingerprints.Add(RunFingerprint.Of(experiment, hashes)));
        var name = "";
        using var shared = new SharedMaterials(fingerprints, hashes, message => say(SafeText.Line($"{name}: {message}")),
            message => warn(SafeText.Line($"{name}: warning: {message}")));
        foreach (var fingerprint in fingerprints)
        {
            var experiment = fingerprint.Experiment;
            name = experiment.Options.Name;
            problems.Note(() =>
            {
                // Some metrics cannot be measured on what the data turn out to be.
                using var evaluator = PluginFault.Watch(() =>
                {
                    var assembly = new RunAssembly(
                        experiment.Options, shared.Load(fingerprint), CPU, experiment.Options.Seeds[0], experiment.BaseFolder);
                    assembly.CheckModels();
                    return assembly.BuildEvaluator();
                });
                say(Fine(experiment));
            });
            shared.Release(fingerprint);
        }
        problems.Throw();
    }

    static string Fine(LoadedExperiment experiment) => $"fine: {SafeText.Line(experiment.Options.Name)}";
}
