namespace TextGan.Tests.Cli;

/// <summary>
/// What a terminal shows after the given output: enough of one to judge a live display (cursor up, carriage return, erase; colours are
/// dropped).
/// </summary>
sealed class Screen
{
    readonly List<List<char>> lines = [[]];
    int row, column;

    Screen(string output)
    {
        for (var i = 0; i < output.Length; i++)
        {
            switch (output[i])
            {
                case '\n':
                    if (++row == lines.Count) lines.Add([]);
                    column = 0;
                    break;
                case '\r':
                    column = 0;
                    break;
                case '\u001b' when output[i + 1] == '[':
                    var end = i + 2;
                    while (!char.IsAsciiLetter(output[end])) end++;
                    Control(output[end], output[(i + 2)..end]);
                    i = end;
                    break;
                default:
                    if (char.IsControl(output[i])) throw new InvalidOperationException($"Control character {(int)output[i]:x2} at {i}.");
                    while (lines[row].Count <= column) lines[row].Add(' ');
                    lines[row][column++] = output[i];
                    break;
            }
        }
    }

    public bool CursorHidden { get; private set; }

    /// <summary>The lines, without empty ones at the end.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            var texts = lines.Select(line => new string([.. line]).TrimEnd()).ToList();
            while (texts.Count > 0 && texts[^1].Length == 0) texts.RemoveAt(texts.Count - 1);
            return texts;
        }
    }

    public static Screen After(string output) => new(output);

    void Control(char kind, string arguments)
    {
        switch (kind)
        {
            case 'm':
                break;
            case 'A':
                row = Math.Max(0, row - (arguments.Length == 0 ? 1 : int.Parse(arguments)));
                break;
            case 'K' when arguments is "2":
                lines[row].Clear();
                break;
            case 'K' when arguments is "" or "0":
                if (lines[row].Count > column) lines[row].RemoveRange(column, lines[row].Count - column);
                break;
            case 'l' or 'h' when arguments == "?25":
                CursorHidden = kind == 'l';
                break;
            default:
                throw new InvalidOperationException($"Unexpected control sequence [{arguments}{kind}");
        }
    }
}
