using System.Globalization;
using TextGan.Problems;

namespace TextGan.Reporting.Documents;

/// <summary>What documents need of a run: where it came from, how long it took, what its evaluations found.</summary>
public sealed record RunSummary
{
    /// <summary>The experiment's name.</summary>
    public required string Experiment { get; init; }

    /// <summary>The seed.</summary>
    public required int Seed { get; init; }

    /// <summary>A checksum of what the run read: its configuration, and the content of its files.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The program's version, with the commit ("0.1.0+86b2a01...").</summary>
    public required string Version { get; init; }

    /// <summary>Processor, device and threads, in words.</summary>
    public required string Machine { get; init; }

    /// <summary>The day on which the last command began that worked on the run ("2026-11-30"); empty where that is not known.</summary>
    public required string Date { get; init; }

    /// <summary>Seconds that the run took, without pretraining that another run made for it.</summary>
    public required double Seconds { get; init; }

    /// <summary>Adversarial iterations that were done.</summary>
    public required double Iterations { get; init; }

    /// <summary>Evaluations of the generator's pretraining; null if it was not evaluated.</summary>
    public PhaseSummary? Pretraining { get; init; }

    /// <summary>Evaluations of the adversarial phase; null if it was not evaluated.</summary>
    public PhaseSummary? Adversarial { get; init; }

    /// <summary>The evaluations that a run's figures come from: those of its adversarial phase, or of pretraining if it has none.</summary>
    internal PhaseSummary? Evaluations => Adversarial ?? Pretraining;

    /// <summary>The summary of a run.</summary>
    /// <param name="log">Its metrics.</param>
    /// <param name="fingerprint">See <see cref="Fingerprint"/>.</param>
    /// <param name="version">See <see cref="Version"/>.</param>
    /// <param name="machine">See <see cref="Machine"/>.</param>
    /// <param name="date">See <see cref="Date"/>.</param>
    /// <param name="logged">Which values of training steps are kept, by name; see <see cref="PhaseSummary.Of"/>.</param>
    /// <exception cref="InvalidInputException">The run's folder is not named by a seed.</exception>
    public static RunSummary Of(
        RunLog log, string fingerprint, string version, string machine, string date, Func<string, bool> logged) => new()
    {
        Experiment = log.Experiment,
        Seed = int.TryParse(log.Seed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed) ? seed
            : throw new InvalidInputException($"{log.Experiment}/{log.Seed}", "is not a run folder: its name is not a seed."),
        Fingerprint = fingerprint, Version = version, Machine = machine, Date = date,
        Seconds = Math.Round(log.Seconds), Iterations = log.LastStep(Phase.Adversarial),
        Pretraining = PhaseSummary.Of(log, Phase.Pretraining, logged), Adversarial = PhaseSummary.Of(log, Phase.Adversarial, logged),
    };
}
