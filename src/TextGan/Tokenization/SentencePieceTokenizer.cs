using TextGan.Problems;
using TextGan.Storage;
using Library = Microsoft.ML.Tokenizers.SentencePieceTokenizer;

namespace TextGan.Tokenization;

/// <summary>
/// A SentencePiece model (Kudo and Richardson 2018), as Llama has it. Texts start from the model's begin token and end in its
/// end token. With a model that has byte pieces and no normalisation (Llama's), decoding gives exactly the text back, but for
/// U+2581, which stands for a blank inside of the model and comes back as one.
/// </summary>
public sealed class SentencePieceTokenizer : ITokenizer
{
    readonly Library library;
    readonly string?[] pieces;

    /// <summary>Reads the model.</summary>
    /// <exception cref="InvalidInputException">The file is missing or damaged.</exception>
    public SentencePieceTokenizer(string modelFile)
    {
        var bytes = InputFile.ReadAllBytes(modelFile);
        try
        {
            using var stream = new MemoryStream(bytes);
            library = Library.Create(stream, addBeginningOfSentence: false, addEndOfSentence: false);
            pieces = new string?[library.Vocabulary.Values.Max() + 1];
            foreach (var (piece, id) in library.Vocabulary) pieces[id] = piece;
            library.EncodeToIds("a", addBeginningOfSentence: false, addEndOfSentence: false);
        }
        // The library tells a damaged file by whatever exception it runs into, null references included.
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new InvalidInputException(modelFile, $"The file is no SentencePiece model or is damaged: {(exception is ArgumentException or IOException ? exception.Message : "its parts do not fit together.")}");
        }
        foreach (var (name, token, id) in new[] { ("begin", library.BeginningOfSentenceToken, library.BeginningOfSentenceId), ("end", library.EndOfSentenceToken, library.EndOfSentenceId) })
        {
            if (id < 0 || id >= pieces.Length || pieces[id] != token)
                throw new InvalidInputException(modelFile, $"The model has no {name} token (\"{token}\" with the id {id}), which texts need.");
        }
    }

    public int VocabularySize => pieces.Length;
    public int StartId => library.BeginningOfSentenceId;
    public int? EndId => library.EndOfSentenceId;
    public int? UnknownId => library.UnknownId;
    public IReadOnlyList<string>? FittedVocabulary => null;

    public IReadOnlyList<int> Encode(string text) => text.Length == 0 ? []
        : library.EncodeToIds(UnicodeText.WellFormed(text), addBeginningOfSentence: false, addEndOfSentence: false);

    /// <summary>The text of ids. Bytes that are no UTF-8 become U+FFFD; ids that no piece has are passed over, as are begin and end.</summary>
    public string Decode(IReadOnlyList<int> ids)
    {
        foreach (var id in ids) ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)id, (uint)pieces.Length);
        return library.Decode(ids.Where(id => id != StartId && id != EndId)) ?? "";
    }

    /// <summary>The piece as the model writes it: a blank as U+2581.</summary>
    public string TokenText(int id) => pieces[id] ?? $"<unused {id}>";
}
