using System.Text;
using TextGan.Tokenization.SentencePiece;

namespace TextGan.Tokenization;

/// <summary>
/// A SentencePiece model (Kudo and Richardson 2018) of any of its four kinds: unigram, bpe, word, char. Ids and decoded texts are
/// those of SentencePiece itself. Texts start from the model's begin token and end in its end token, and no text becomes a control
/// token. With a model that has byte pieces and no normalisation (Llama's), decoding gives exactly the text back, but for U+2581,
/// which stands for a blank inside of the model and comes back as one.
/// </summary>
public sealed class SentencePieceTokenizer : ITokenizer
{
    readonly ModelFile model;
    readonly Normalizer normalizer;
    readonly IPieceEncoder encoder;
    readonly PieceDecoder decoder;

    /// <summary>Reads the model.</summary>
    /// <param name="modelFile">The file.</param>
    /// <param name="vocabularySize">V, where a language model has more ids than the file has pieces; null: as many as pieces.</param>
    /// <exception cref="InvalidInputException">The file is missing or damaged, has more pieces than <paramref name="vocabularySize"/>, or
    /// texts cannot begin or end with it.</exception>
    public SentencePieceTokenizer(string modelFile, int? vocabularySize = null)
    {
        var bytes = InputFile.ReadAllBytes(modelFile);
        try
        {
            model = new ModelFile(bytes);
        }
        catch (InvalidDataException damage)
        {
            throw new InvalidInputException(modelFile, $"The file is not a SentencePiece model or is damaged: {damage.Message}");
        }
        StartId = model.StartId ?? throw Missing("begin", "bos");
        EndId = model.EndId ?? throw Missing("end", "eos");
        VocabularySize = vocabularySize ?? model.Pieces.Count;
        if (VocabularySize < model.Pieces.Count)
            throw new InvalidInputException(modelFile,
                $"The file has {model.Pieces.Count:N0} pieces; the model's vocabulary ('vocab_size' in config.json) has " +
                $"{VocabularySize:N0}.");
        var vocabulary = new Vocabulary(model);
        normalizer = new Normalizer(model.Normalizer, vocabulary.Symbols, model.BlankAfterWords);
        decoder = new PieceDecoder(model);
        encoder = model.Kind switch
        {
            ModelKind.Bpe => new BpeEncoder(vocabulary),
            ModelKind.Word => new WordEncoder(vocabulary),
            ModelKind.Character => new CharacterEncoder(vocabulary),
            _ => new UnigramEncoder(vocabulary, model.Pieces),
        };

        InvalidInputException Missing(string token, string option) =>
            new(modelFile, $"The model has no {token} token, which texts need; spm_train leaves it out with --{option}_id=-1.");
    }

    public int VocabularySize { get; }
    public int StartId { get; }
    public int? EndId { get; }
    public int? UnknownId => model.UnknownId;
    public IReadOnlyList<string>? FittedVocabulary => null;

    /// <summary>The id of a control piece; null for a name that is not one.</summary>
    public int? ControlId(string name) => model.ControlId(name);

    /// <summary>The ids of a text. One that only has what the model's normaliser removes, such as blanks, has none.</summary>
    public IReadOnlyList<int> Encode(string text)
    {
        var rest = normalizer.Normalize(Encoding.UTF8.GetBytes(text));
        var ids = new List<int>();
        var isAfterUnknown = false;
        foreach (var (length, id) in encoder.Encode(rest))
        {
            var isUnknown = id == model.UnknownId;
            if (isUnknown && model.ByteIds.Count > 0)
            {
                foreach (var value in rest[..length]) ids.Add(model.ByteIds[value]);
            }
            else if (!isUnknown || !isAfterUnknown) ids.Add(id); // a run of unknown pieces is one
            isAfterUnknown = isUnknown;
            rest = rest[length..];
        }
        return ids;
    }

    /// <summary>
    /// The text of ids. Bytes that are not UTF-8 become U+FFFD, the unknown token becomes what the model says (by default " ⁇ ");
    /// control tokens are skipped.
    /// </summary>
    public string Decode(IReadOnlyList<int> ids)
    {
        foreach (var id in ids) ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)id, (uint)VocabularySize);
        return decoder.Decode(VocabularySize == model.Pieces.Count ? ids : [.. ids.Where(id => id < model.Pieces.Count)]);
    }

    /// <summary>The piece as the model writes it: a blank as U+2581.</summary>
    public string TokenText(int id) => id < model.Pieces.Count ? model.Pieces[id].Text : $"<unused {id}>";
}
