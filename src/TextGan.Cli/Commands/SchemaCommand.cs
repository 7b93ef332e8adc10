using System.Text.Encodings.Web;
using System.Text.Json;
using TextGan.Experiments.Catalogue;
using TextGan.Storage;

namespace TextGan.Cli.Commands;

/// <summary>Writes the JSON schema that editors use for completion and checking.</summary>
public static class SchemaCommand
{
    const string DefaultName = "textgan.schema.json";

    static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(Terminal terminal)
    {
        var output = new Option<string>("--output", "-o") {
            Description = "File to write; '-' writes to the output.", HelpName = "FILE", DefaultValueFactory = _ => DefaultName };
        var kinds = new Kinds();
        var command = new Command("schema", "Write the JSON schema of experiment files, for completion in editors.") { output };
        kinds.AddTo(command);
        command.SetAction(parsed =>
        {
            var target = parsed.GetRequiredValue(output);
            var schema = SafeText.Json(ExperimentSchema.Create(kinds.Registry(parsed, terminal)).ToJsonString(Indented));
            if (target == "-")
            {
                terminal.Output.WriteLine(schema);
                return ExitCode.Success;
            }
            OutputFiles.Write(target, () => AtomicFile.WriteText(terminal.Full(target), schema + "\n"));
            terminal.WriteLine(
                $"Wrote {SafeText.Line(target)}. An experiment file names it in its first line: \"$schema\": \"{SafeText.Line(target)}\"");
            return ExitCode.Success;
        });
        return command;
    }
}
