namespace TextGan.Runs.Events;

/// <summary>Several sinks as one; each hears an event before the next one does.</summary>
public sealed class RunSinks(params IReadOnlyList<IRunSink> sinks) : IRunSink
{
    public void Receive(RunEvent happened)
    {
        foreach (var sink in sinks) sink.Receive(happened);
    }
}

/// <summary>Sentences for sinks.</summary>
public static class RunSinkExtensions
{
    /// <summary>A sentence worth a line.</summary>
    public static void Say(this IRunSink sink, string text) => sink.Receive(new RunEvent.Said(text));

    /// <summary>A sentence that should not be overlooked: figures may mean less than they seem to.</summary>
    public static void Warn(this IRunSink sink, string text) => sink.Receive(new RunEvent.Said(text) { IsWarning = true });
}
