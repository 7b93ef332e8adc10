using System.Collections.Concurrent;
using TextGan.Runs.Events;

namespace TextGan.Cli.Jobs;

/// <summary>Takes events from any thread and gives them to one, in the order in which they came.</summary>
sealed class QueueSink : IRunSink
{
    readonly BlockingCollection<RunEvent> events = [];

    /// <summary>All events until <see cref="End"/>; waits for those to come.</summary>
    public IEnumerable<RunEvent> All => events.GetConsumingEnumerable();

    public void Receive(RunEvent happened) => events.Add(happened);

    /// <summary>No more will come.</summary>
    public void End() => events.CompleteAdding();
}
