namespace TextGan.Plugins;

/// <summary>Options that build a component.</summary>
/// <typeparam name="TContext">The run-time facts that the family's components are built from beside their options.</typeparam>
/// <typeparam name="TComponent">The family's contract.</typeparam>
public abstract record ComponentOptions<TContext, TComponent> : ComponentOptions where TComponent : class
{
    /// <summary>Builds the component. Throws <see cref="InvalidInputException"/> for files that are missing or damaged.</summary>
    public abstract TComponent Build(TContext context);

    /// <summary>
    /// What the library builds with: <see cref="Build"/>, and a plug-in's component is checked and remembered as the plug-in's.
    /// </summary>
    /// <exception cref="RunFailedException">A plug-in gave null or something that does not fit.</exception>
    public TComponent BuildChecked(TContext context)
    {
        var built = Build(context);
        if (PluginComponent.Of(this) is not { } origin) return built;
        origin.NotNull(this, nameof(Build), built);
        try
        {
            Check(origin, context, built);
        }
        catch
        {
            (built as IDisposable)?.Dispose(); // its memory is LibTorch's, which no garbage collection sees
            throw;
        }
        origin.Remember(built);
        return built;
    }

    /// <summary>Throws where what a plug-in built does not fit the context.</summary>
    internal virtual void Check(PluginComponent origin, TContext context, TComponent built) { }
}

/// <summary>Of families whose components need nothing beside their options.</summary>
public sealed record BuildContext;
