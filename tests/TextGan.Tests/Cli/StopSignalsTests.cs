using NUnit.Framework;
using TextGan.Cli;

namespace TextGan.Tests.Cli;

public class StopSignalsTests
{
    [Test]
    public void FirstAsksForACleanEndSecondEndsAtOnce()
    {
        var said = new List<string>();
        using var signals = new StopSignals(said.Add, last => said.Add("last: " + last));
        Assert.That(signals.Token.IsCancellationRequested, Is.False);

        Assert.That(signals.Take(), Is.True, "the process goes on");
        Assert.That(signals.Token.IsCancellationRequested, Is.True);
        Assert.That(said, Is.EqualTo(new[] { "Stopping after this step; a checkpoint will be written. Press Ctrl+C again to abort." }));

        Assert.That(signals.Take(), Is.False, "the process ends");
        Assert.That(said.Skip(1), Is.EqualTo(new[] { "last: Aborted." }));
    }
}
