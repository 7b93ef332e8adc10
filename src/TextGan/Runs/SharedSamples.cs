using TextGan.Runs.Format;

namespace TextGan.Runs;

/// <summary>
/// The ids of texts that data sets draw from models: drawn once for all runs that would draw the same, in one process or several. The
/// process that draws them locks their folder, RUNS/shared/samples-KEY; others wait and read them.
/// </summary>
/// <param name="runsFolder">Where runs lie.</param>
/// <param name="fingerprint">The experiment's.</param>
/// <param name="message">Hears where texts that are there already come from.</param>
sealed class SharedSamples(string runsFolder, RunFingerprint fingerprint, Action<string> message)
{
    const int PollMilliseconds = 200;

    /// <summary>Ids that are kept at most, 512 MB: writing them takes as much memory again.</summary>
    const long MostIds = 1 << 27;

    /// <summary>The rows of a data set. Where the folder cannot be written they are drawn and nothing is shared.</summary>
    /// <param name="name">The data set.</param>
    /// <param name="draw">Draws them.</param>
    public IReadOnlyList<int[]> Of(string name, Func<IReadOnlyList<int[]>> draw)
    {
        var key = fingerprint.DataSet(name);
        var folder = new RunFolder(Path.Combine(runsFolder, "shared", $"samples-{key[..16]}"));
        var file = Path.Combine(folder.Root, "ids.safetensors");
        using var held = Lock(folder);
        if (File.Exists(file) && Read(file, key) is { } drawn)
        {
            message($"data '{name}': drawn by an earlier run (same settings): {folder.Root}");
            return drawn;
        }
        var rows = draw();
        if (held is not null && rows.Sum(row => (long)row.Length) <= MostIds) Write(file, key, rows);
        return rows;
    }

    /// <summary>Waits until nobody else draws them; null where the folder cannot be written.</summary>
    static RunLock? Lock(RunFolder folder)
    {
        try
        {
            while (true)
            {
                if (RunLock.TryTake(folder) is { } held) return held;
                Thread.Sleep(PollMilliseconds);
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    static List<int[]>? Read(string path, string key)
    {
        try
        {
            using var file = SafeTensors.Load(path);
            if (file.Metadata.GetValueOrDefault("key") != key) return null;
            var (ids, lengths) = (file.Tensors["ids"].data<int>().ToArray(), file.Tensors["lengths"].data<int>().ToArray());
            var (rows, from) = (new List<int[]>(lengths.Length), 0);
            foreach (var length in lengths)
            {
                rows.Add(ids[from..(from + length)]);
                from += length;
            }
            return rows;
        }
        catch (InvalidInputException)
        {
            return null; // damaged: they are drawn again
        }
    }

    static void Write(string path, string key, IReadOnlyList<int[]> rows)
    {
        using var scope = NewDisposeScope();
        try
        {
            SafeTensors.Save(path, new Dictionary<string, Tensor>
            {
                ["ids"] = tensor(rows.SelectMany(row => row).ToArray(), int32),
                ["lengths"] = tensor(rows.Select(row => row.Length).ToArray(), int32),
            }, new Dictionary<string, string> { ["key"] = key });
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // The next run draws them itself.
        }
    }
}
