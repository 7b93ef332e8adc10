using System.Diagnostics;
using System.Runtime.Loader;

namespace TextGan.Experiments.Reading;

/// <summary>
/// Finds the plug-in that an exception came through. The innermost member of a plug-in on the stack is the one that threw, or that
/// called what threw; so whatever a plug-in adds is watched in every member, and nothing is paid before something is thrown.
/// </summary>
public static class PluginFault
{
    /// <summary>Does the work; what a plug-in throws in it becomes a run that failed, in words.</summary>
    /// <exception cref="RunFailedException">A plug-in threw.</exception>
    public static T Watch<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (Describe(error) is { } fault)
        {
            throw new RunFailedException(fault + ".", error);
        }
    }

    /// <inheritdoc cref="Watch{T}(Func{T})"/>
    public static void Watch(Action work) => Watch(() =>
    {
        work();
        return true;
    });

    /// <summary>
    /// "the plug-in 'Mine' threw InvalidOperationException in Mine.Judge.forward: no such table", or null where no plug-in had a part in
    /// it.
    /// </summary>
    public static string? Describe(Exception exception)
    {
        // Input that is wrong and a run that failed are told in words already, by whoever knows them best.
        if (exception is InvalidInputException or RunFailedException or OperationCanceledException) return null;
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause.InnerException is not null
                && cause is System.Reflection.TargetInvocationException or TypeInitializationException or AggregateException) continue;
            foreach (var frame in new StackTrace(cause).GetFrames())
            {
                if (DiagnosticMethodInfo.Create(frame) is not { } member || frame.GetMethod()?.Module.Assembly is not { } assembly)
                    continue;
                if (AssemblyLoadContext.GetLoadContext(assembly) is not PluginContext) continue;
                return $"the plug-in '{assembly.GetName().Name}' threw {cause.GetType().Name} in " +
                    $"{member.DeclaringTypeName}.{member.Name}: {FirstLine(cause.Message)}";
            }
        }
        return null;
    }

    /// <summary>LibTorch's messages end with the addresses of its own functions.</summary>
    public static string FirstLine(string message)
    {
        var text = message.AsSpan().Trim();
        var end = text.IndexOfAny('\r', '\n');
        return (end < 0 ? text : text[..end]).TrimEnd('.').ToString();
    }
}
