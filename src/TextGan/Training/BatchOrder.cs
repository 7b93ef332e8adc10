namespace TextGan.Training;

/// <summary>
/// Draws row numbers without replacement, epoch after epoch; each epoch's order is a function of the seed, the purpose and
/// the epoch's number, so that its only state is how many rows were drawn.
/// </summary>
public sealed class BatchOrder(long rows, int seed, string purpose) : IStateful
{
    /// <summary>Above this, an order is computed row by row and not kept as a table, which would take eight bytes per row.</summary>
    const long LargestTable = 1 << 22;

    long drawn;
    Permutation permutation;
    long epochOfOrder = -1;
    long[] order = [];

    /// <summary>The next <paramref name="count"/> row numbers; runs over into the next epoch where this one ends.</summary>
    public long[] Next(int count)
    {
        var result = At(drawn, count);
        drawn += count;
        return result;
    }

    /// <summary>Row numbers <paramref name="first"/> and on of all epochs in a row, whatever was drawn.</summary>
    public long[] At(long first, int count)
    {
        var result = new long[count];
        for (var i = 0; i < count; i++)
        {
            var (epoch, position) = Math.DivRem(first + i, rows);
            if (epoch != epochOfOrder) Shuffle(epoch);
            result[i] = rows > LargestTable ? permutation[position] : order[position];
        }
        return result;
    }

    /// <summary>The next row numbers, <paramref name="most"/> or as many as this epoch still has.</summary>
    public long[] NextInEpoch(int most) => Next((int)Math.Min(most, rows - drawn % rows));

    void Shuffle(long epoch)
    {
        epochOfOrder = epoch;
        if (rows > LargestTable)
        {
            permutation = new Permutation(rows, Seeds.Derive(seed, purpose, epoch));
            return;
        }
        order = new long[rows];
        for (var i = 0L; i < rows; i++) order[i] = i;
        new Random(Seeds.Derive(seed, purpose, epoch)).Shuffle(order);
    }

    public void Save(StateBag bag) => bag.Put("drawn", drawn);

    public void Load(StateBag bag) => drawn = bag.GetLong("drawn");
}
