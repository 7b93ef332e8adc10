using TextGan.Cli.Display;

namespace TextGan.Tests.Cli;

public class PaceTests
{
    [Test]
    public void KnowsNothingAtFirst()
    {
        var pace = new Pace();
        Assert.That(pace.TimeFor(10), Is.Null);
        Assert.That(pace.TimeFor(0), Is.EqualTo(TimeSpan.Zero));
        Assert.That(pace.TokensPerSecond, Is.Zero);
    }

    [Test]
    public void IsExactWhileThePaceIsSteady()
    {
        var pace = new Pace();
        for (var i = 0; i < 500; i++) pace.Add(TimeSpan.FromSeconds(0.5), 1, 100);
        Assert.That(pace.TimeFor(40)!.Value.TotalSeconds, Is.EqualTo(20).Within(1e-6));
        Assert.That(pace.TokensPerSecond, Is.EqualTo(200).Within(1e-6));
    }

    [Test]
    public void FollowsAChangeWithoutJumping()
    {
        var pace = new Pace();
        for (var i = 0; i < 600; i++) pace.Add(TimeSpan.FromSeconds(1), 1, 0);
        pace.Add(TimeSpan.FromSeconds(10), 1, 0); // one slow step, an evaluation say
        // Independent: before, ~60 s and ~60 steps are remembered; e^(-10/60) of each, plus 10 s and 1 step: 60.8 / 51.8.
        Assert.That(pace.TimeFor(100)!.Value.TotalSeconds, Is.EqualTo(117).Within(2));
        for (var i = 0; i < 600; i++) pace.Add(TimeSpan.FromSeconds(2), 1, 0); // 20 time constants later the old pace is forgotten
        Assert.That(pace.TimeFor(100)!.Value.TotalSeconds, Is.EqualTo(200).Within(0.1));
    }

    [Test]
    public void SurvivesStepsThatTakeNoTime()
    {
        var pace = new Pace();
        pace.Add(TimeSpan.Zero, 5, 5);
        Assert.That(pace.TimeFor(10), Is.Null);
        Assert.That(pace.TokensPerSecond, Is.Zero);
    }
}
