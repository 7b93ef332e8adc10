namespace TextGan.Runs.Events;

/// <summary>Hears what runs do: the log, the display, whoever draws or tracks.</summary>
public interface IRunSink
{
    /// <summary>Called on the thread that trains, one event after another, so it must return soon.</summary>
    void Receive(RunEvent happened);
}
