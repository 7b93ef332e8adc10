using TextGan.Runs.Format;

namespace TextGan.Runs;

/// <summary>
/// A run folder, or one that runs share, that belongs to this process alone. The lock is the operating system's (of a file that stays
/// empty), so that it ends with the process, however that ends; its holder's name is in a file beside it, for people.
/// </summary>
public sealed class RunLock : IDisposable
{
    // EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows.
    static readonly int[] Held = [11, 35, unchecked((int)0x80070020)];

    /// <summary>Whoever asks <see cref="IsHeld"/> has the lock for a moment.</summary>
    const int Attempts = 5;

    readonly FileStream file;
    readonly RunFolder folder;

    RunLock(RunFolder folder, FileStream file) => (this.folder, this.file) = (folder, file);

    /// <exception cref="InvalidInputException">Another process has it; the message says which.</exception>
    /// <exception cref="RunFailedException">The folder cannot be written.</exception>
    public static RunLock Take(RunFolder folder)
    {
        try
        {
            return TryTake(folder, attempts: Attempts) ?? throw new InvalidInputException(folder.Root,
                $"is in use by {HolderOf(folder)}. Wait until that is done, or choose another folder with --runs.");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new RunFailedException($"The run folder {folder.Root} cannot be written: {refused.Message}", refused);
        }
    }

    /// <summary>Takes the folder; null if another process has it.</summary>
    /// <param name="folder">A folder that need not be there yet.</param>
    /// <param name="run">Who takes it, where the folder does not tell.</param>
    /// <param name="attempts">How often it is tried, 20 milliseconds apart.</param>
    public static RunLock? TryTake(RunFolder folder, RunId? run = null, int attempts = 1)
    {
        Directory.CreateDirectory(folder.Root);
        FileStream file;
        try
        {
            file = new FileStream(folder.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException refused) when (Held.Contains(refused.HResult))
        {
            if (attempts <= 1) return null;
            Thread.Sleep(20);
            return TryTake(folder, run, attempts - 1);
        }
        var taken = new RunLock(folder, file);
        try
        {
            AtomicFile.DeleteLeftovers(folder.Root);
            AtomicFile.WriteText(folder.Holder, RunHolder.Here(run).ToJson());
            return taken;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>"process 4711 on host since 2026-11-25T14:03:11+00:00", after a run's name where the folder does not tell it.</summary>
    public static string HolderOf(RunFolder folder) =>
        RunHolder.Read(folder)?.ToString() ?? "another process"; // it has just come, or is about to go

    /// <summary>
    /// Whether a process works in the folder. The lock of another machine is seen only if the file system shares locks between machines.
    /// </summary>
    public static bool IsHeld(RunFolder folder)
    {
        try
        {
            // A shared lock, held for no longer than this; see Attempts.
            using var file = new FileStream(folder.Lock, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return false;
        }
        catch (IOException refused) when (Held.Contains(refused.HResult))
        {
            return true;
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return false;
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
