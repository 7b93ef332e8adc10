using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TextGan.Data.Teachers;

/// <summary>
/// Replies to questions, kept in a file of JSON lines, so that no process asks a question again that was answered once. Who asks has the
/// file to itself until all its questions are answered; others wait. A line that was cut off by the end of a process is removed.
/// </summary>
/// <param name="path">The file, which need not be there yet; null: replies are kept in memory alone.</param>
public sealed class ReplyFile(string? path)
{
    const int PollMilliseconds = 100;

    // EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows.
    static readonly int[] held = [11, 35, unchecked((int)0x80070020)];

    readonly ConcurrentDictionary<string, string> replies = [];

    /// <summary>The replies to these questions; each that has none yet is asked once and its reply kept at once.</summary>
    /// <param name="questions">Each a JSON array of messages.</param>
    /// <param name="ask">Gives the reply to a question.</param>
    /// <param name="parallel">So many questions are asked at a time.</param>
    /// <exception cref="RunFailedException">The file cannot be read or written.</exception>
    public IReadOnlyList<string> Of(IReadOnlyList<string> questions, Func<string, Task<string>> ask, int parallel)
    {
        if (questions.All(replies.ContainsKey)) return [.. questions.Select(question => replies[question])];
        try
        {
            using var file = path is null ? null : Open(path);
            if (file is not null) Read(file);
            var writing = new Lock();
            string[] missing = [.. questions.Where(question => !replies.ContainsKey(question)).Distinct()];
            Parallel.ForEachAsync(missing, new ParallelOptions { MaxDegreeOfParallelism = parallel }, async (question, _) =>
            {
                var reply = await ask(question).ConfigureAwait(false);
                lock (writing)
                {
                    replies[question] = reply;
                    if (file is null) return;
                    file.Write(Encoding.UTF8.GetBytes(
                        new JsonObject { ["messages"] = JsonNode.Parse(question), ["reply"] = reply }.ToJsonString() + "\n"));
                    file.Flush(flushToDisk: true);
                }
            }).GetAwaiter().GetResult();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new RunFailedException($"The replies of a teacher cannot be kept in {path}: {refused.Message}", refused);
        }
        return [.. questions.Select(question => replies[question])];
    }

    static FileStream Open(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException refused) when (held.Contains(refused.HResult))
            {
                Thread.Sleep(PollMilliseconds);
            }
        }
    }

    /// <summary>Takes all whole lines; damaged ones are asked for again.</summary>
    void Read(FileStream file)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var whole = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        file.SetLength(whole);
        file.Position = whole;
        foreach (var line in Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                var entry = JsonNode.Parse(line)!;
                replies[entry["messages"]!.ToJsonString()] = entry["reply"]!.GetValue<string>();
            }
            catch (Exception damaged) when (damaged is JsonException or InvalidOperationException or NullReferenceException)
            {
            }
        }
    }
}
