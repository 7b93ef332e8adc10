using Spectre.Console;

namespace TextGan.Cli.Display;

/// <summary>How far a command is that works through a known number of things; shown on a terminal only.</summary>
public static class ProgressBar
{
    /// <summary>Runs <paramref name="work"/>, on this thread, which calls what it is given after each thing.</summary>
    public static void While(Terminal terminal, string what, long count, Action<Action> work)
    {
        if (terminal.Live is not { } console)
        {
            work(() => { });
            return;
        }
        console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var task = context.AddTask(what, maxValue: count);
                work(() => task.Increment(1));
            });
    }
}
