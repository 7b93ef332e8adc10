using TextGan.Runs.Format;

namespace TextGan.Runs.Events;

/// <summary>Several sinks as one; each hears an event before the next one does.</summary>
public sealed class RunSinks(params IReadOnlyList<IRunSink> sinks) : IRunSink
{
    public void Receive(RunEvent happened)
    {
        foreach (var sink in sinks) sink.Receive(happened);
    }
}

/// <summary>Sentences for sinks, and sinks for one run.</summary>
public static class RunSinkExtensions
{
    /// <summary>A sink that says of each event that it concerns this run.</summary>
    public static IRunSink Of(this IRunSink sink, RunId run) => new SinkOfRun(sink, run);

    /// <summary>A sentence worth a line.</summary>
    public static void Say(this IRunSink sink, string text) => sink.Receive(new RunEvent.Said(text));

    /// <summary>A sentence that should not be overlooked: figures may mean less than they seem to.</summary>
    public static void Warn(this IRunSink sink, string text) => sink.Receive(new RunEvent.Said(text) { IsWarning = true });
}

/// <summary>Says of each event which run it concerns.</summary>
sealed class SinkOfRun(IRunSink sink, RunId run) : IRunSink
{
    public void Receive(RunEvent happened) => sink.Receive(happened with { Run = run });
}
