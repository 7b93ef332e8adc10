using TextGan.Runs.Events;

namespace TextGan.Cli.Jobs;

/// <summary>
/// Writes what happens to a run as lines (<see cref="JobLine"/>). Steps that follow one another quickly become one, and of an evaluation's
/// texts only those are written that a display shows, so that no reader falls behind.
/// </summary>
public sealed class PipeSink(TextWriter pipe, TimeProvider clock) : IRunSink
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    RunEvent.Stepped? waiting;
    long written = clock.GetTimestamp();

    public void Receive(RunEvent happened)
    {
        if (happened is RunEvent.Stepped step)
        {
            waiting = waiting is { } earlier ? Joined(earlier, step) : step;
            if (clock.GetElapsedTime(written) >= Pause) WriteWaiting();
            return;
        }
        WriteWaiting();
        Write(new JobLine(happened is RunEvent.Evaluated { Found: var found } evaluated
            ? evaluated with { Found = found with { Texts = [.. found.Texts.Take(RunLines.ShownSamples)], Rows = [] } } : happened, null));
    }

    /// <summary>The last line.</summary>
    public void End(RunResult result)
    {
        WriteWaiting();
        Write(new JobLine(null, result));
    }

    static RunEvent.Stepped Joined(RunEvent.Stepped earlier, RunEvent.Stepped step)
    {
        var values = new Dictionary<string, double>(earlier.Values);
        foreach (var (name, value) in step.Values) values[name] = value;
        return step with { Tokens = earlier.Tokens + step.Tokens, Values = values, IsLogged = earlier.IsLogged || step.IsLogged };
    }

    void WriteWaiting()
    {
        if (waiting is not { } step) return;
        waiting = null;
        Write(new JobLine(step, null));
        written = clock.GetTimestamp();
    }

    void Write(JobLine line)
    {
        pipe.Write('\n'); // native code may have printed half a line
        pipe.WriteLine(line.ToJson());
        pipe.Flush();
    }
}
