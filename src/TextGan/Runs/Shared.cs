namespace TextGan.Runs;

/// <summary>What several users have in common, by key: each thing is kept until the last user that was announced has released it.</summary>
/// <param name="users">The key of each user; a key stands as often as it has users.</param>
public sealed class Shared<T>(IEnumerable<string> users) : IDisposable where T : class
{
    readonly Dictionary<string, int> awaited = users.CountBy(key => key).ToDictionary();
    readonly Dictionary<string, T> kept = [];

    /// <summary>How many users of this key have not released it yet.</summary>
    public int Users(string key) => awaited.GetValueOrDefault(key);

    /// <summary>What is kept under this key; null where nothing is.</summary>
    public T? Find(string key) => kept.GetValueOrDefault(key);

    /// <summary>Keeps a thing, in the place of an earlier one.</summary>
    public void Keep(string key, T thing)
    {
        if (kept.Remove(key, out var earlier)) (earlier as IDisposable)?.Dispose();
        kept[key] = thing;
    }

    /// <summary>One user fewer; with the last one the thing goes.</summary>
    public void Release(string key)
    {
        awaited[key] = Users(key) - 1;
        if (awaited[key] <= 0 && kept.Remove(key, out var thing)) (thing as IDisposable)?.Dispose();
    }

    public void Dispose()
    {
        foreach (var thing in kept.Values.OfType<IDisposable>()) thing.Dispose();
        kept.Clear();
    }
}
