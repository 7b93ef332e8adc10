namespace TextGan.Benchmarks.Paths;

/// <summary>A whole step that is timed. Its models and data are made in its constructor.</summary>
interface IBenchmarkPath : IDisposable
{
    void Run();
}
