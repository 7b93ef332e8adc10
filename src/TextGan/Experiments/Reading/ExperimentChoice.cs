using System.Text.Json;
using System.Text.RegularExpressions;
using TextGan.Runs.Format;

namespace TextGan.Experiments.Reading;

/// <summary>Chooses experiments of a file by their names (<see cref="ReadingSettings.Only"/>).</summary>
sealed class ExperimentChoice(IReadOnlyList<string> only, IReadOnlyList<WrittenExperiment> experiments, string path)
{
    readonly IReadOnlyList<(string Text, Regex Pattern)> choices = [.. only.Select(wanted => (wanted, new Regex(
        "^" + Regex.Escape(wanted).Replace(@"\*", ".*", StringComparison.Ordinal) + "$",
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.NonBacktracking)))];

    /// <summary>
    /// The experiments that may be chosen, or have experiments in their sweep that may be; plug-ins of no other are loaded.
    /// </summary>
    /// <param name="anyMaySweep">Whether experiments that have no sweep may be given one.</param>
    /// <exception cref="InvalidInputException">A name fits none.</exception>
    public IReadOnlyList<WrittenExperiment> Candidates(bool anyMaySweep) => Choose(experiments, (wanted, experiment) =>
        Matches(wanted, experiment) || ((anyMaySweep || experiment.Merged["sweep"] is { Kind: JsonValueKind.Object })
            && MayBeWithin(wanted.Text, experiment.WrittenName + SweepName.Marks[0])));

    /// <summary>The experiments that are chosen, sweeps being expanded.</summary>
    /// <exception cref="InvalidInputException">A name fits none.</exception>
    public IReadOnlyList<WrittenExperiment> Chosen(IReadOnlyList<WrittenExperiment> expanded) => Choose(expanded, Matches);

    List<WrittenExperiment> Choose(IReadOnlyList<WrittenExperiment> among, Func<(string Text, Regex Pattern), WrittenExperiment, bool> fits)
    {
        if (choices.Count == 0) return [.. among];
        var chosen = new HashSet<WrittenExperiment>();
        var problems = new List<Problem>();
        foreach (var wanted in choices)
        {
            var matches = among.Where(one => one.WrittenName is not null && fits(wanted, one)).ToList();
            chosen.UnionWith(matches);
            if (matches.Count > 0) continue;
            var names = experiments.Select(one => one.WrittenName).OfType<string>().ToList();
            var near = among.Select(one => one.WrittenName).OfType<string>().Concat(names);
            problems.Add(new(path, $"no experiment is named {Wording.Quote(wanted.Text)}; there are {Wording.List(names)}." +
                NearestMatch.Hint(wanted.Text, near)));
        }
        // Where the file cannot be parsed, that is the problem to show.
        return problems.Count == 0 || experiments.Count == 0 ? [.. among.Where(chosen.Contains)]
            : throw new InvalidInputException(problems);
    }

    static bool Matches((string Text, Regex Pattern) wanted, WrittenExperiment experiment) =>
        wanted.Pattern.IsMatch(experiment.WrittenName!) || wanted.Pattern.IsMatch(SweepName.SweepOf(experiment.WrittenName!));

    /// <summary>Whether a name that begins with <paramref name="start"/> may fit, as far as it has no '*'.</summary>
    static bool MayBeWithin(string wanted, string start)
    {
        var end = wanted.IndexOf('*', StringComparison.Ordinal);
        var literal = end < 0 ? wanted : wanted[..end];
        return literal.StartsWith(start, StringComparison.OrdinalIgnoreCase)
            || (end >= 0 && start.StartsWith(literal, StringComparison.OrdinalIgnoreCase));
    }
}
