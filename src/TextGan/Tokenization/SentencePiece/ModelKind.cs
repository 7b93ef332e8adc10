namespace TextGan.Tokenization.SentencePiece;

/// <summary>How a model cuts text into pieces; the values are those of the file.</summary>
internal enum ModelKind
{
    Unigram = 1,
    Bpe = 2,
    Word = 3,
    Character = 4,
}
