using System.Text.Json;
using System.Text.Json.Nodes;
using TextGan.Runs.Format;

namespace TextGan.Runs;

/// <summary>
/// A run folder that belongs to this process alone. The lock is the operating system's (of a file that stays empty), so that
/// it ends with the process, however that ends; its holder's name is in a file beside it, for people.
/// </summary>
public sealed class RunLock : IDisposable
{
    // EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows.
    static readonly int[] Held = [11, 35, unchecked((int)0x80070020)];

    readonly FileStream file;
    readonly RunFolder folder;

    RunLock(RunFolder folder, FileStream file) => (this.folder, this.file) = (folder, file);

    /// <exception cref="InvalidInputException">Another process has it; the message says which.</exception>
    /// <exception cref="RunFailedException">The folder cannot be written.</exception>
    public static RunLock Take(RunFolder folder)
    {
        try
        {
            return TryTake(folder) ?? throw new InvalidInputException(folder.Root,
                $"is in use by {HolderOf(folder)}. Wait until that is done, or choose another folder with --runs.");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new RunFailedException($"The run folder {folder.Root} cannot be written: {refused.Message}", refused);
        }
    }

    /// <summary>Takes the folder; null where it is taken.</summary>
    /// <param name="folder">A folder that need not be there yet.</param>
    /// <param name="run">Who takes it, where the folder does not tell.</param>
    public static RunLock? TryTake(RunFolder folder, RunId? run = null)
    {
        FileStream? file = null;
        try
        {
            Directory.CreateDirectory(folder.Root);
            file = new FileStream(folder.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            AtomicFile.DeleteLeftovers(folder.Root);
            AtomicFile.WriteText(folder.Holder, new JsonObject
            {
                ["run"] = run?.ToString(),
                ["process"] = Environment.ProcessId,
                ["host"] = Environment.MachineName,
                ["since"] = DateTimeOffset.Now.ToString("yyyy-MM-dd'T'HH:mm:sszzz"),
            }.ToJsonString());
            return new RunLock(folder, file);
        }
        catch (IOException refused) when (file is null && Held.Contains(refused.HResult))
        {
            return null;
        }
        catch
        {
            if (file is not null) new RunLock(folder, file).Dispose();
            throw;
        }
    }

    /// <summary>"process 4711 on host since 2026-11-25T14:03:11+00:00", after a run's name in brackets.</summary>
    public static string HolderOf(RunFolder folder)
    {
        try
        {
            var holder = JsonNode.Parse(File.ReadAllText(folder.Holder));
            var process = $"process {holder!["process"]} on {holder["host"]} since {holder["since"]}";
            return holder["run"] is { } run ? $"{run} ({process})" : process;
        }
        catch (Exception unknown) when (
            unknown is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or NullReferenceException)
        {
            return "another process"; // it has just come, or is about to go
        }
    }

    public void Dispose()
    {
        try
        {
            File.Delete(folder.Holder);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // The lock counts, not its label.
        }
        file.Dispose();
    }
}
