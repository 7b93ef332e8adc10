using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using TextGan.Storage;

namespace TextGan.Cli.Cluster;

/// <summary>What a user adds to the script of an array job.</summary>
/// <param name="Directives">Lines that begin with <c>#SBATCH</c>.</param>
/// <param name="SetUp">All other lines, which run before the program.</param>
public sealed record SlurmTemplate(IReadOnlyList<string> Directives, IReadOnlyList<string> SetUp)
{
    const string Directive = "#SBATCH";

    // The script depends on these; short names are empty where sbatch has none.
    static readonly (string Long, string Short)[] Reserved =
        [("--array", "-a"), ("--signal", ""), ("--output", "-o"), ("--error", "-e"), ("--no-requeue", "")];

    public static SlurmTemplate Empty { get; } = new([], []);

    /// <exception cref="InvalidInputException">It cannot be read, or sets what the script itself must set.</exception>
    public static SlurmTemplate Read(string file)
    {
        var text = Encoding.UTF8.GetString(InputFile.ReadAllUtf8(file).Span).ReplaceLineEndings("\n");
        string[] lines = text.TrimEnd('\n').Split('\n');
        var problems = new List<Problem>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Contains('\0')) problems.Add(new($"{file}:{i + 1}", "has a NUL character, so this is not a script."));
            if (IsDirective(lines[i]) && ReservedIn(lines[i]) is { } option)
                problems.Add(new($"{file}:{i + 1}", $"sets {option}, which 'submit' sets itself; remove it."));
        }
        if (problems.Count == 0 && FaultOf(text) is { } fault) problems.Add(new(file, $"bash cannot read it: {fault}"));
        if (problems.Count > 0) throw new InvalidInputException(problems);
        return new([.. lines.Where(IsDirective)],
            [.. lines.Where((line, i) => !IsDirective(line) && !(i == 0 && line.StartsWith("#!", StringComparison.Ordinal)))]);
    }

    /// <summary>
    /// What bash says of lines that it cannot read, such as an open quote, which would swallow a part of the script; null where all is
    /// well, or bash is missing.
    /// </summary>
    static string? FaultOf(string text)
    {
        try
        {
            var start = new ProcessStartInfo("bash", "-n") { RedirectStandardInput = true, RedirectStandardError = true };
            using var bash = Process.Start(start)!;
            bash.StandardInput.Write(text);
            bash.StandardInput.Close();
            var fault = bash.StandardError.ReadToEnd();
            bash.WaitForExit();
            return bash.ExitCode == 0 ? null : fault.Split('\n')[0].Replace("bash: ", "");
        }
        catch (Exception missing) when (missing is Win32Exception or IOException)
        {
            return null;
        }
    }

    static bool IsDirective(string line) => line.StartsWith(Directive, StringComparison.Ordinal);

    static string? ReservedIn(string line) => line[Directive.Length..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .TakeWhile(word => !word.StartsWith('#')).Select(ReservedBy).FirstOrDefault(option => option is not null);

    /// <summary>sbatch takes abbreviations of long options (--arr=0-5) and values that follow a short one directly (-a0-5).</summary>
    static string? ReservedBy(string word)
    {
        var name = word.Split('=')[0];
        return Reserved.FirstOrDefault(option => word.StartsWith("--", StringComparison.Ordinal)
            ? name.Length > 4 && option.Long.StartsWith(name, StringComparison.Ordinal)
            : option.Short.Length > 0 && word.StartsWith(option.Short, StringComparison.Ordinal)).Long;
    }
}
