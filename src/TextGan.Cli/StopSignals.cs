using System.Runtime.InteropServices;

namespace TextGan.Cli;

/// <summary>
/// Ctrl+C and SIGTERM. The first one asks for a clean end through <see cref="Token"/>; the second one ends the process as if
/// nothing had caught it.
/// </summary>
public sealed class StopSignals : IDisposable
{
    public const string FirstNotice = "Stopping after this step; a checkpoint will be written. Press Ctrl+C again to abort.";
    public const string SecondNotice = "Aborted.";

    readonly CancellationTokenSource source = new();
    readonly Action<string> notify, abandon;
    readonly PosixSignalRegistration[] registrations;
    int first;

    /// <param name="notify">Shows a sentence; called on another thread.</param>
    /// <param name="abandon">Shows a last sentence before the process ends at once.</param>
    public StopSignals(Action<string> notify, Action<string> abandon)
    {
        (this.notify, this.abandon) = (notify, abandon);
        registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal =>
            PosixSignalRegistration.Create(signal, context => context.Cancel = Take(signal)))];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>What a command ends with that the first signal stopped; null before one came.</summary>
    public int? ExitCode => first == 0 ? null : first;

    /// <summary>Takes one signal; false when the process is to end now.</summary>
    public bool Take(PosixSignal signal)
    {
        if (Interlocked.CompareExchange(ref first, signal == PosixSignal.SIGTERM ? Cli.ExitCode.Terminated
            : Cli.ExitCode.Interrupted, 0) != 0)
        {
            abandon(SecondNotice);
            return false;
        }
        notify(FirstNotice);
        source.Cancel();
        return true;
    }

    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
        source.Dispose();
    }
}
