using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace TextGan.Reporting;

/// <summary>Reads lines and tells whether each had its line end, which <see cref="TextReader.ReadLine"/> hides.</summary>
sealed class LineReader(Stream stream) : IDisposable
{
    readonly StreamReader reader = new(stream, Encoding.UTF8);
    readonly char[] buffer = new char[1 << 16];
    readonly StringBuilder line = new();
    int position, filled;

    /// <summary>The number of the line that was read last, from 1.</summary>
    public int Number { get; private set; }

    public bool Next([NotNullWhen(true)] out string? text, out bool complete)
    {
        line.Clear();
        complete = false;
        while (true)
        {
            if (position == filled)
            {
                (position, filled) = (0, reader.Read(buffer));
                if (filled == 0)
                {
                    text = line.Length > 0 ? line.ToString() : null;
                    Number += text is null ? 0 : 1;
                    return text is not null;
                }
            }
            var end = Array.IndexOf(buffer, '\n', position, filled - position);
            line.Append(buffer, position, (end < 0 ? filled : end) - position);
            position = end < 0 ? filled : end + 1;
            if (end < 0)
                continue;
            text = line.ToString();
            complete = true;
            Number++;
            return true;
        }
    }

    public void Dispose() => reader.Dispose();
}
