using TextGan.Experiments.Catalogue;

namespace TextGan.Cli.Commands;

/// <summary>Writes the reference of all options as Markdown.</summary>
public static class ReferenceCommand
{
    public static Command Create(Terminal terminal)
    {
        var output = new Option<string>("--output", "-o") {
            Description = "File to write; '-' writes to the output.", HelpName = "FILE", DefaultValueFactory = _ => "-" };
        var kinds = new Kinds();
        var command = new Command("reference", "Write the reference of all kinds of components and their options as Markdown.") { output };
        kinds.AddTo(command);
        command.SetAction(parsed =>
        {
            var target = parsed.GetRequiredValue(output);
            var lines = CatalogueReference.Lines(kinds.Catalogue(parsed, terminal)).Select(line => SafeText.Line(line));
            if (target == "-")
            {
                foreach (var line in lines) terminal.Output.WriteLine(line);
                return ExitCode.Success;
            }
            OutputFiles.WriteLines("--output", OutputFiles.Path("--output", target, terminal)!, lines);
            terminal.WriteLine($"Wrote {SafeText.Line(target)}.");
            return ExitCode.Success;
        });
        return command;
    }
}
