namespace TextGan.Experiments.Reading;

/// <summary>Whether experiments may bring code of their own.</summary>
public enum PluginPolicy
{
    /// <summary>The assemblies that an experiment names are loaded.</summary>
    Allow,

    /// <summary>An experiment that names a plug-in is refused.</summary>
    Refuse,
}
