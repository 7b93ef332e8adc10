namespace TextGan.Data;

/// <summary>What is read one after another from a data file: its lines, or the rows of a table as lines of JSON.</summary>
internal abstract class LineSource : IDisposable
{
    /// <summary>What the summary says of the file's form; null for plain lines.</summary>
    public virtual string? Form => null;

    /// <summary>What one is called.</summary>
    public virtual string Unit => "line";

    /// <summary>How many were begun so far.</summary>
    public abstract int Number { get; }

    /// <summary>The next one, or false at the end.</summary>
    public abstract bool TryRead(out StrictLine line);

    public abstract void Dispose();

    /// <summary>Opens a file in the form that it has.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">What is read of a table; null where only lines will do.</param>
    /// <param name="maximumLength">The most characters of a line, or of a row as JSON.</param>
    /// <exception cref="InvalidInputException">The file cannot be read.</exception>
    public static LineSource Open(string path, TableColumns? columns, int maximumLength)
    {
        if (columns is not null && DataForm.IsParquet(path)) return new ParquetRows(path, columns, maximumLength);
        return columns is not null && DataForm.IsJsonArray(path) ? new JsonArrayRows(path, maximumLength)
            : new TextLines(path, maximumLength);
    }
}

/// <summary>The lines of a text file.</summary>
internal sealed class TextLines : LineSource
{
    readonly Stream stream;
    readonly StrictLineReader reader;
    readonly bool isGzip;

    public TextLines(string path, int maximumLength)
    {
        stream = TextFile.Open(path, out isGzip);
        reader = new StrictLineReader(stream, maximumLength);
    }

    public override string? Form => isGzip ? "gzip" : null;

    public override int Number => reader.LineNumber;

    public override bool TryRead(out StrictLine line) => reader.TryRead(out line);

    public override void Dispose() => stream.Dispose();
}
