namespace TextGan.Experiments.Reading;

/// <summary>What is done to experiments while they are read.</summary>
public sealed record ReadingSettings
{
    /// <summary>
    /// Names of the experiments to read, <c>*</c> standing for any text; the name of a sweep stands for all of its experiments. Default:
    /// all.
    /// </summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>
    /// Edits <c>path=value</c> that are applied to each experiment, in their order, before its sweep is expanded and it is checked.
    /// </summary>
    public IReadOnlyList<string> Edits { get; init; } = [];

    /// <summary>Which plug-ins are loaded. Default: none.</summary>
    public PluginPolicy Plugins { get; init; } = PluginPolicy.Refuse;

    /// <summary>
    /// Whether files that an experiment names must be there, and the environment variables in their paths be set. Default true.
    /// </summary>
    public bool CheckFiles { get; init; } = true;

    /// <summary>Names of environment variables that paths may have in them beside those that begin with TEXTGAN_. Default: none.</summary>
    public IReadOnlyList<string> AllowedVariables { get; init; } = [];

    /// <summary>Whether teachers of the kind "chat" may be asked. Default false.</summary>
    public bool AllowsChat { get; init; }

    /// <summary>The value of an environment variable, or null if it is not set.</summary>
    public Func<string, string?> EnvironmentVariable { get; init; } = Environment.GetEnvironmentVariable;
}
