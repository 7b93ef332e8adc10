using System.Runtime.InteropServices;
using TextGan.Cli;

namespace TextGan.Tests.Cli;

public class StopSignalsTests
{
    [TestCase(PosixSignal.SIGINT, 130)]
    [TestCase(PosixSignal.SIGTERM, 143)]
    public void FirstAsksForACleanEndSecondEndsAtOnce(PosixSignal signal, int code)
    {
        var said = new List<string>();
        using var signals = new StopSignals(said.Add, last => said.Add("last: " + last));
        Assert.That((signals.Token.IsCancellationRequested, signals.ExitCode), Is.EqualTo((false, (int?)null)));

        Assert.That(signals.Take(signal), Is.True, "the process goes on");
        Assert.That(signals.Token.IsCancellationRequested, Is.True);
        Assert.That(said, Is.EqualTo(new[] { "Stopping after this step; a checkpoint will be written. Press Ctrl+C again to abort." }));

        Assert.That(signals.Take(PosixSignal.SIGINT), Is.False, "the process ends");
        Assert.That(signals.ExitCode, Is.EqualTo(code));
        Assert.That(said.Skip(1), Is.EqualTo(new[] { "last: Aborted." }));
    }
}
