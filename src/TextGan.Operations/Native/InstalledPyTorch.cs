using System.ComponentModel;
using System.Diagnostics;

namespace TextGan.Native;

/// <summary>Where an installed PyTorch has its libraries. Python is asked where the module is, and does not import it.</summary>
internal static class InstalledPyTorch
{
    /// <summary>How long one Python may take to answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Modules of the current folder are left out: Python would run them.</summary>
    const string Question = "import sys; sys.path[:] = [p for p in sys.path if p]; import importlib.util; " +
        "found = importlib.util.find_spec('torch'); print(found.submodule_search_locations[0] if found else '')";

    /// <summary>
    /// The library folder of the first PyTorch, of python3 on the search path or of /usr/bin/python3; or null, and what is wrong.
    /// </summary>
    public static (string? Folder, string Problem) Find()
    {
        var answers = new List<string>();
        foreach (var python in Pythons().Distinct())
        {
            var package = Ask(python, Patience, out var problem);
            if (package is not null) return (Path.Combine(package, "lib"), "");
            answers.Add($"{python} {problem}");
        }
        return (null, $"'auto' finds no PyTorch: {(answers.Count > 0 ? string.Join(", ", answers) : "no Python is on the search path")}.");
    }

    static IEnumerable<string> Pythons()
    {
        // Process.Start would also look beside the program and into the current folder.
        var name = OperatingSystem.IsWindows() ? "python.exe" : "python3";
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Where(Path.IsPathRooted).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        if (found is not null) yield return found;
        if (File.Exists("/usr/bin/python3")) yield return "/usr/bin/python3";
    }

    /// <summary>The folder of Python's module torch, or null.</summary>
    internal static string? Ask(string python, TimeSpan patience, out string problem)
    {
        problem = "has no module torch";
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", Question]) {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.StandardInput.Close();
            process.BeginErrorReadLine(); // its complaints are not shown
            var answer = new char[4096]; // a path
            var read = process.StandardOutput.ReadBlockAsync(answer, 0, answer.Length);
            var isInTime = read.Wait(patience);
            process.Kill(entireProcessTree: true); // nothing if it is over
            if (!isInTime) problem = $"gave no answer within {patience.TotalSeconds:0.#} seconds";
            else if (new string(answer, 0, read.Result).Trim() is { Length: > 0 } folder && Directory.Exists(folder)) return folder;
        }
        catch (Win32Exception failure)
        {
            problem = $"cannot be started ({failure.Message})";
        }
        return null;
    }
}
