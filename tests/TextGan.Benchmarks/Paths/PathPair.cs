namespace TextGan.Benchmarks.Paths;

/// <summary>One line of the table: a step as this library does it and as plain TorchSharp does.</summary>
/// <param name="Name">The name that a reference measurement uses, too.</param>
/// <param name="Target">How many times faster than the reference it is to be.</param>
/// <param name="Fast">Builds the library's way.</param>
/// <param name="Plain">Builds the plain TorchSharp version; null if there is none.</param>
/// <param name="PlainTakesLong">Whether the plain way is run once only, without warming up.</param>
/// <param name="OnlyIfNamed">Whether it takes so long on a CPU that it is measured only if its name is given.</param>
sealed record PathPair(string Name, double Target, Func<IBenchmarkPath> Fast, Func<IBenchmarkPath>? Plain, bool PlainTakesLong = false,
    bool OnlyIfNamed = false)
{
    public string PlainName => $"{Name}_plain";

    /// <summary>Of both ways, or of the one that there is.</summary>
    public IReadOnlyList<string> Names => Plain is null ? [Name] : [Name, PlainName];
}
