namespace TextGan.Tokenization.SentencePiece;

/// <summary>A model's normaliser as its file describes it, with the defaults of the format.</summary>
internal sealed class NormalizerSettings
{
    /// <summary>Replacements of characters; null where they stay as they are.</summary>
    public CharacterMap? Map { get; private set; }

    /// <summary>Whether a blank is put before the text.</summary>
    public bool AddDummyPrefix { get; private set; } = true;

    /// <summary>Whether blanks at the beginning and the end go, and several become one.</summary>
    public bool RemoveExtraWhitespaces { get; private set; } = true;

    /// <summary>Whether a blank is written as U+2581.</summary>
    public bool EscapeWhitespaces { get; private set; } = true;

    /// <summary>Reads the message NormalizerSpec; fields that it does not have stay as they are.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public void Read(ReadOnlySpan<byte> message)
    {
        for (var reader = new WireReader(message); reader.MoveNext();)
        {
            switch (reader.Field)
            {
                case 2: Map = reader.Bytes.IsEmpty ? null : new CharacterMap(reader.Bytes); break;
                case 3: AddDummyPrefix = reader.Flag; break;
                case 4: RemoveExtraWhitespaces = reader.Flag; break;
                case 5: EscapeWhitespaces = reader.Flag; break;
            }
        }
    }
}
