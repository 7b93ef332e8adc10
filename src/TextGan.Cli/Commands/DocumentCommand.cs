using System.Text;
using TextGan.Reporting.Documents;
using TextGan.Storage;

namespace TextGan.Cli.Commands;

/// <summary>Makes the generated blocks of Markdown files from summaries of runs.</summary>
public static class DocumentCommand
{
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static Command Create(Terminal terminal)
    {
        var files = new Argument<string[]>("FILE") {
            Description = "Markdown files with blocks (docs/documents.md).", Arity = ArgumentArity.OneOrMore };
        var check = new Option<bool>("--check") { Description = "Write nothing; exit code 1 if a block is out of date." };
        var command = new Command(
            "document", "Fill the generated blocks of Markdown files with tables from summaries of runs; all else stays as it is.") {
            files, check };
        command.SetAction(parsed =>
        {
            var (documents, problems) = (new List<(string Path, string Name, MarkdownDocument Document)>(), new ProblemList());
            foreach (var path in parsed.GetRequiredValue(files).Select(terminal.Full).Distinct())
                problems.Note(() => documents.Add((path, terminal.Shown(path), Read(path, terminal))));
            problems.Throw();
            return parsed.GetValue(check) ? Check(documents, terminal) : Write(documents, terminal);
        });
        return command;
    }

    static MarkdownDocument Read(string path, Terminal terminal)
    {
        string text;
        try
        {
            text = Strict.GetString(InputFile.ReadAllBytes(path));
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidInputException(terminal.Shown(path), "The text is not UTF-8; store the file in that encoding.");
        }
        return MarkdownDocument.Of(text, terminal.Shown(path), name =>
        {
            var file = InputFile.Resolve(Path.GetDirectoryName(path)!, name);
            return ResultFile.Parse(InputFile.ReadAllUtf8(file).Span, terminal.Shown(file));
        });
    }

    static int Check(List<(string Path, string Name, MarkdownDocument Document)> documents, Terminal terminal)
    {
        foreach (var (_, name, document) in documents)
            foreach (var line in document.OutOfDate)
                terminal.WriteError(SafeText.Line(
                    $"{name}:{line}: the block is out of date; '{CommandTree.Name} document' updates it."));
        return documents.Any(one => one.Document.OutOfDate.Count > 0) ? ExitCode.Failure : ExitCode.Success;
    }

    static int Write(List<(string Path, string Name, MarkdownDocument Document)> documents, Terminal terminal)
    {
        foreach (var (path, name, document) in documents)
        {
            var changed = document.OutOfDate.Count;
            if (changed > 0) OutputFiles.Write(name, () => AtomicFile.WriteText(path, document.Text));
            terminal.WriteLine(SafeText.Line($"{name}: {Amount.Of(document.Blocks.Count, "block")}, {changed} changed"));
        }
        return ExitCode.Success;
    }
}
