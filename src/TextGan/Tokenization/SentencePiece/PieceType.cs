namespace TextGan.Tokenization.SentencePiece;

/// <summary>What a piece of a model is for; the values are those of the file.</summary>
internal enum PieceType
{
    Normal = 1,
    Unknown = 2,
    /// <summary>Begin, end and the like: stands for no text, and no text becomes it.</summary>
    Control = 3,
    /// <summary>Never cut, whatever stands around it.</summary>
    UserDefined = 4,
    /// <summary>Part of merges, but not of the result.</summary>
    Unused = 5,
    /// <summary>One byte of a character that no piece has.</summary>
    Byte = 6,
}
