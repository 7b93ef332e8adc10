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
        files.AddTo(command);
        command.Add(quick);
        command.SetAction(parsed =>
        {
            var experiments = files.Read(parsed, terminal);
            if (parsed.GetValue(quick)) foreach (var experiment in experiments) Fine(experiment, terminal);
            else Load(experiments, terminal);
            terminal.Output.WriteLine($"{Amount.Of(experiments.Count, "experiment")}, no problems.");
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>Reads what the runs would read; all that is wrong is thrown at the end.</summary>
    static void Load(IReadOnlyList<LoadedExperiment> experiments, Terminal terminal)
    {
        var (problems, hashes, fingerprints) = (new ProblemList(), new ContentHashes(), new List<RunFingerprint>());
        foreach (var experiment in experiments) problems.Note(() => fingerprints.Add(RunFingerprint.Of(experiment, hashes)));
        var name = "";
        using var shared = new SharedMaterials(fingerprints, hashes, message =>
            terminal.Output.WriteLine(SafeText.Line($"{name}: {message}")));
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
                Fine(experiment, terminal);
            });
            shared.Release(fingerprint);
        }
        problems.Throw();
    }

    static void Fine(LoadedExperiment experiment, Terminal terminal) =>
        terminal.Output.WriteLine($"fine: {SafeText.Line(experiment.Options.Name)}");
}
