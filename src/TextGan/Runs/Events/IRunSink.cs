namespace TextGan.Runs.Events;

/// <summary>Hears what runs do: the log, the display, whoever draws or tracks.</summary>
public interface IRunSink
{
    /// <summary>Called by one thread, one event after another, and by the one that trains where there is one run; it must return soon.</summary>
    void Receive(RunEvent happened);
}
