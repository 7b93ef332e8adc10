using TextGan.Runs;

namespace TextGan.Cli.Commands;

/// <summary>Writes a run's generator for other programs.</summary>
public static class ExportCommand
{
    public static Command Create(Terminal terminal)
    {
        var run = new Argument<string>("RUN") { Description = "A run folder: runs/EXPERIMENT/SEED." };
        run.CompletionSources.Add(Completions.Of(context => Completions.Runs(context, terminal)));
        var output = new Option<string>("--output", "-o") {
            Description = "The folder to write: a new or an empty one.", HelpName = "FOLDER", Required = true };
        var checkpoint = new Option<string?>("--checkpoint") {
            Description = "A checkpoint of the run by name, or 'best' (see training.keepBest). Default: the newest.", HelpName = "NAME" };
        var merge = new Option<bool>("--merge") {
            Description = "Adapters (generator.lora) become part of the model's weights. Without it they are written by themselves." };
        var command = new Command("export",
            "Write the generator of a run in Hugging Face's layout: config.json, model.safetensors and the tokenizer's files; of one " +
            "with adapters PEFT's adapter_config.json and adapter_model.safetensors.") {
            run, output, checkpoint, merge };
        var reading = new ReadingOptions();
        reading.AddTo(command);
        command.SetAction(parsed =>
        {
            var target = parsed.GetRequiredValue(output);
            if (string.IsNullOrWhiteSpace(target)) throw new InvalidInputException("--output", "the name of the folder is empty.");
            var (used, files) = ModelExport.Write(terminal.Shown(terminal.Full(parsed.GetRequiredValue(run))),
                terminal.Shown(terminal.Full(target)), parsed.GetValue(checkpoint), reading.Settings(parsed, terminal),
                warning => terminal.WriteError(SafeText.Line(warning)), parsed.GetValue(merge));
            terminal.WriteLine(SafeText.Line($"{used.Name}: {target} has {string.Join(", ", files)}"));
            return ExitCode.Success;
        });
        return command;
    }
}
