namespace TextGan.Runs.Events;

/// <summary>Hears what runs do: the log, the display, whoever draws or tracks.</summary>
public interface IRunSink
{
    /// <summary>
    /// Called with one event after another, by the thread that trains unless other processes train; so it must return soon.
    /// </summary>
    void Receive(RunEvent happened);
}
