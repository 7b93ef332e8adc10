namespace TextGan.Tests;

/// <summary>Tests that write files: each has a folder of its own.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract class FileTests : IDisposable
{
    private protected readonly TemporaryFiles files = new();

    public void Dispose()
    {
        files.Dispose();
        GC.SuppressFinalize(this);
    }
}
