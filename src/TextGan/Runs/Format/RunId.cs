namespace TextGan.Runs.Format;

/// <summary>A run: an experiment with one seed.</summary>
/// <param name="Experiment">The experiment's name.</param>
/// <param name="Seed">The seed.</param>
public sealed record RunId(string Experiment, int Seed)
{
    /// <summary>"experiment/1", as its folder is called and arguments name it.</summary>
    public string Path => $"{Experiment}/{Seed}";

    /// <summary>"experiment, seed 1".</summary>
    public override string ToString() => $"{Experiment}, seed {Seed}";
}
