using System.Text.RegularExpressions;
using TextGan.Cli.Setup;
using TextGan.Storage;

namespace TextGan.Cli.Commands;

/// <summary>Writes an experiment for a person's own file.</summary>
public static partial class InitCommand
{
    const int LongestName = 40;
    const string Schema = "textgan.schema.json";

    public static Command Create(Terminal terminal)
    {
        var data = new Argument<string>("DATA")
        {
            Description = "A file of texts, one per line, or of JSON lines: texts (\"text\", \"messages\") or pairs (\"chosen\", " +
                "\"rejected\").",
        };
        var output = new Option<string>("--output", "-o") {
            Description = "The file to write.", HelpName = "FILE", DefaultValueFactory = _ => "experiment.json" };
        var force = new Option<bool>("--force") { Description = "Overwrite the file if it exists." };
        var form = new ResultForm(hasQuiet: true);
        var command = new Command("init", "Look at a file of texts or pairs and write a commented experiment that trains on it.") {
            data, output, force };
        form.AddTo(command);
        command.SetAction(parsed =>
        {
            var (given, written) = (parsed.GetRequiredValue(data), parsed.GetRequiredValue(output));
            var (source, target) = (terminal.Full(given), OutputFiles.Path("--output", written, terminal)!);
            if (!File.Exists(source))
                throw new InvalidInputException(given, Directory.Exists(source) ? "is a folder; name a file of texts." : "does not exist.");
            if (Path.GetFullPath(source) == Path.GetFullPath(target))
                throw new InvalidInputException("--output", $"'{written}' is the file of texts; name another file.");
            if (File.Exists(target) && !parsed.GetValue(force))
                throw new InvalidInputException("--output", $"'{written}' exists; --force overwrites it.");
            var survey = DataSurvey.Of(source);
            var folder = Path.GetDirectoryName(target)!;
            var schema = ((string[])[Schema, $"experiments/{Schema}"]).FirstOrDefault(name => File.Exists(Path.Combine(folder, name)));
            var text = ExperimentDraft.Of(survey, Relative(folder, source), NameOf(source), schema);
            OutputFiles.Write("--output", () => AtomicFile.WriteText(target, text), $"'{target}'");
            if (form.IsJson(parsed))
            {
                ResultForm.Write(new System.Text.Json.Nodes.JsonObject
                {
                    ["file"] = terminal.Shown(target), ["texts"] = survey.Texts, ["duplicates"] = survey.Duplicates,
                    ["vocabulary"] = survey.Vocabulary, ["coverage"] = survey.Coverage, ["median"] = survey.Median, ["long"] = survey.Long,
                    ["longest"] = survey.Longest,
                }, terminal);
            }
            else if (!form.IsQuiet(parsed))
            {
                terminal.WriteLine(SafeText.Line($"Wrote {terminal.Shown(target)} for {Amount.Of(survey.Texts, "text")}. " +
                    $"Next: textgan run {terminal.Shown(target)}"));
            }
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>From the experiment's folder, with '/', so that the two can be moved together to any system.</summary>
    static string Relative(string folder, string source)
    {
        var path = Path.GetRelativePath(folder, source);
        return Path.IsPathRooted(path) ? path : path.Replace(Path.DirectorySeparatorChar, '/');
    }

    /// <summary>The file's name as an experiment's.</summary>
    static string NameOf(string source)
    {
        var name = Other().Replace(Path.GetFileName(source).Split('.')[0], "-").Trim('-');
        name = name.Length > LongestName ? name[..LongestName].Trim('-') : name;
        return name.Length == 0 || NameRules.IsDevice(name) ? "experiment" : name;
    }

    [GeneratedRegex("[^A-Za-z0-9_-]+")]
    private static partial Regex Other();
}
