using System.Collections;

namespace TextGan.Data;

/// <summary>One text of each item of a list, made when it is asked for.</summary>
internal sealed class TextView<T>(IReadOnlyList<T> items, Func<T, string> text) : IReadOnlyList<string>
{
    public int Count => items.Count;

    public string this[int index] => text(items[index]);

    public IEnumerator<string> GetEnumerator() => items.Select(text).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
