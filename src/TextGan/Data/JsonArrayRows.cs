using System.Text.Json;

namespace TextGan.Data;

/// <summary>The elements of a file that is one JSON array, read one after another.</summary>
internal sealed class JsonArrayRows : LineSource
{
    readonly string path;
    readonly int maximumLength;
    readonly Stream stream;
    readonly bool isGzip;
    readonly PiecewiseStream pieces;
    readonly IEnumerator<JsonElement> elements;
    int number;

    public JsonArrayRows(string path, int maximumLength)
    {
        (this.path, this.maximumLength) = (path, maximumLength);
        stream = TextFile.Open(path, out isGzip);
        pieces = new PiecewiseStream(stream, 3L * maximumLength + (1 << 20));
        elements = JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(pieces).ToBlockingEnumerable().GetEnumerator();
    }

    public override string? Form => isGzip ? "gzip, a JSON array" : "a JSON array";

    public override string Unit => "element";

    public override int Number => number;

    public override bool TryRead(out StrictLine line)
    {
        line = default;
        try
        {
            if (!elements.MoveNext()) return false;
        }
        catch (JsonException broken)
        {
            throw new InvalidInputException(path, pieces.IsOverlong
                ? $"Element {number + 1:N0} of the array is longer than {Amount.Of(maximumLength, "character")}."
                : $"The file is not valid JSON: {JsonLine.Reason(broken)} (after element {number:N0} of the array)");
        }
        number++;
        pieces.Begin();
        try
        {
            var text = elements.Current.GetRawText();
            line = text.Length > maximumLength
                ? new(number, null, $"The element is longer than {Amount.Of(maximumLength, "character")}.") : new(number, text, null);
        }
        catch (InvalidOperationException)
        {
            line = new(number, null, "The element is not valid UTF-8.");
        }
        return true;
    }

    public override void Dispose()
    {
        elements.Dispose();
        stream.Dispose();
    }

    /// <summary>Ends where more bytes are read for one element than any may have, so that the reader need not hold a whole file.</summary>
    sealed class PiecewiseStream(Stream source, long most) : ForwardStream(source)
    {
        long read;

        public bool IsOverlong => read > most;

        public void Begin() => read = 0;

        public override int Read(Span<byte> buffer)
        {
            if (IsOverlong) return 0;
            var count = Source.Read(buffer);
            read += count;
            return count;
        }
    }
}
