using TextGan.Data;

namespace TextGan.Training;

/// <summary>Takes rows of ids with the lengths of their prompts, where a data set has prompts.</summary>
/// <param name="most">At most so many rows will come.</param>
/// <param name="split">Whether it has prompts, and is streamed.</param>
/// <param name="encoder">The rows' length and the vocabulary.</param>
sealed class PromptedRowsWriter(int most, DataSplit split, TextEncoder encoder) : IDisposable
{
    readonly IdRowsWriter rows = IdRowsWriter.For(most, split.Streamed, encoder.Length, encoder.Tokenizer.VocabularySize);
    readonly IdRowsWriter? lengths = split.Prompts is null ? null : IdRowsWriter.For(most, split.Streamed, 1, encoder.Length);

    public void Add(ReadOnlySpan<long> row, int promptLength)
    {
        rows.Add(row);
        lengths?.Add([promptLength]);
    }

    public IdRows Finish() => rows.Finish(lengths?.Finish());

    public void Dispose()
    {
        rows.Dispose();
        lengths?.Dispose();
    }
}
