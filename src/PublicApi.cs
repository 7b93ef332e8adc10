// Writes the files PublicAPI.Unshipped.txt of the libraries anew: every public member that PublicAPI.Shipped.txt does not have.
//   dotnet run src/PublicApi.cs
#:property PublishAot=false
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

var source = FolderOfThisFile();
string[] libraries = ["TextGan.Operations", "TextGan", "TextGan.Reporting"];
var before = libraries.Select(library => File.ReadAllText(FileOf(library))).ToArray();
foreach (var library in libraries) File.WriteAllText(FileOf(library), "#nullable enable\n"); // the analyzer then misses all of them

try
{
    // The last one builds the others.
    var build = Process.Start("dotnet", ["build", Path.Combine(source, libraries[^1]), "-c", "Release", "--nologo", "-v", "quiet",
        "-clp:NoSummary", "-nowarn:RS0016", "-p:LogPublicApi=true", "-p:RunAnalyzers=true"]);
    build.WaitForExit();
    if (build.ExitCode != 0)
    {
        Restore();
        return build.ExitCode;
    }
    foreach (var library in libraries) Write(library);
    return 0;
}
catch
{
    Restore();
    throw;
}

void Restore()
{
    foreach (var (library, text) in libraries.Zip(before)) File.WriteAllText(FileOf(library), text);
}

void Write(string library)
{
    using var log = JsonDocument.Parse(File.ReadAllText(Path.Combine(source, library, "obj", "public-api.sarif")));
    var members = log.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray()
        .Where(result => result.GetProperty("ruleId").GetString() == "RS0016")
        .Select(result => result.GetProperty("properties").GetProperty("customProperties").GetProperty("APIName").GetString()!)
        .Distinct().Order(StringComparer.Ordinal).ToList();
    File.WriteAllLines(FileOf(library), members.Prepend("#nullable enable"));
    Console.WriteLine($"{library}: {members.Count} members");
}

string FileOf(string library) => Path.Combine(source, library, "PublicAPI.Unshipped.txt");

static string FolderOfThisFile([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
