namespace TextGan.Tests.Tokenization;

/// <summary>A byte-level BPE of six merges.</summary>
static class SmallBpe
{
    // GPT-2's letters for bytes, written down a second time: 33..126, 161..172 and 174..255 stand for themselves, the 68 others follow from
    // 256.
    static IEnumerable<string> ByteLetters()
    {
        var others = 256;
        return Enumerable.Range(0, 256).Select(value =>
            ((char)(value < 33 || value is > 126 and < 161 || value == 173 ? others++ : value)).ToString());
    }

    // Ids 0..255 are the bytes, so that the id of an ASCII letter is its code; then what the merges make, then the end token 262.
    public static Dictionary<string, int> Vocabulary() =>
        ByteLetters().Concat(["he", "ll", "hell", "hello", "Ġw", "Ġhello", "<|endoftext|>"]).Select((token, id) => (token, id))
            .ToDictionary(entry => entry.token, entry => entry.id);

    public const string Merges = "#version: 0.2\nh e\nl l\nhe ll\nhell o\nĠ w\nĠ hello\n";
}
