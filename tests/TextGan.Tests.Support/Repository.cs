namespace TextGan.Tests;

/// <summary>The checkout that the tests were built from.</summary>
static class Repository
{
    public static string Root { get; } = Find();

    static string Find()
    {
        for (var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "TextGan.sln"))) return folder.FullName;
        throw new InvalidOperationException("The tests must lie in a checkout with TextGan.sln.");
    }
}
