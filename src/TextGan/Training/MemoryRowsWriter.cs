namespace TextGan.Training;

/// <summary>Writes <see cref="MemoryRows"/>.</summary>
internal sealed class MemoryRowsWriter(int most, int length) : IdRowsWriter
{
    long[] ids = new long[most * (long)length];
    long count;

    public override void Add(ReadOnlySpan<long> row) => row.CopyTo(ids.AsSpan((int)(count++ * length), length));

    public override IdRows Finish(IdRows? promptLengths = null)
    {
        if (count < most) Array.Resize(ref ids, (int)(count * length));
        return new MemoryRows(tensor(ids, [count, length], int64)) { PromptLengths = promptLengths };
    }

    protected override void Dispose(bool disposing) { }
}
