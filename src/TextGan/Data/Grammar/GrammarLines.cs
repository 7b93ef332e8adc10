namespace TextGan.Data.Grammar;

/// <summary>The lines of the files that a grammar is read from; '#' starts a comment.</summary>
internal static class GrammarLines
{
    /// <summary>Gives each line that says something to <paramref name="read"/>, without comment and blanks at its end.</summary>
    /// <exception cref="InvalidInputException">It threw an <see cref="ArgumentException"/>: names the line.</exception>
    public static void Read(string file, string text, Action<string> read)
    {
        foreach (var (index, raw) in text.Split('\n').Index())
        {
            var content = raw.Split('#')[0].TrimEnd();
            if (content.Length == 0) continue;
            try
            {
                read(content);
            }
            catch (ArgumentException exception)
            {
                throw new InvalidInputException($"{file}:{index + 1}", exception.Message);
            }
        }
    }
}
