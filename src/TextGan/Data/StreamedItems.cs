using System.Collections;

namespace TextGan.Data;

/// <summary>
/// The items of one side of a data file that is too large for the memory: they are read from the file again at each walk, and their
/// number is known. Items in rising order are found in one walk, so a sample that is spread over the file costs one reading of it.
/// </summary>
internal sealed class StreamedItems<T>(Func<LineItems<T>> open, string path, HeldOutPick pick, bool heldOut) : IReadOnlyList<T> where T
    : class
{
    readonly Lock gate = new();
    IEnumerator<T>? walk;
    int position = -1;

    public int Count { get; } = heldOut ? pick.HeldOut : pick.Total - pick.HeldOut;

    public T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
            lock (gate)
            {
                if (walk is null || position > index)
                {
                    walk?.Dispose();
                    (walk, position) = (GetEnumerator(), -1);
                }
                for (; position < index; position++) walk.MoveNext();
                var item = walk.Current;
                if (index == Count - 1)
                {
                    walk.Dispose(); // closes the file
                    (walk, position) = (null, -1);
                }
                return item;
            }
        }
    }

    public IEnumerator<T> GetEnumerator()
    {
        using var items = open();
        var given = 0;
        foreach (var isHeldOut in pick.Walk())
        {
            if (!items.TryNext(out var item)) break;
            if (isHeldOut != heldOut) continue;
            given++;
            yield return item;
            if (given == Count) yield break;
        }
        if (given < Count)
            throw new InvalidInputException(path,
                $"The file is shorter than when it was first read: {given:N0} of {Amount.Of(Count, "item")} left.");
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
