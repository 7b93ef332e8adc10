using TextGan.Native;

namespace TextGan.Tokenization;

/// <summary>
/// What each text of a batch begins with. A text is its prompt and, directly after it, its response: position t of row b belongs to the
/// prompt while t &lt; Lengths[b]. So a prompt has the same positions in a batch with longer ones as alone.
/// </summary>
/// <param name="Ids">[B,P] int64, each row filled up after its prompt with an id that nobody reads.</param>
/// <param name="Lengths">[B] int64: tokens of each prompt, 0 to P.</param>
public sealed record PromptBatch(Tensor Ids, Tensor Lengths)
{
    /// <summary>B.</summary>
    public long Batch => Ids.shape[0];

    /// <summary>Prompts of different lengths, each without start and end.</summary>
    public static PromptBatch Of(IReadOnlyList<IReadOnlyList<int>> prompts)
    {
        var longest = prompts.Max(prompt => prompt.Count); // P
        var ids = new long[prompts.Count * (long)longest];
        for (var b = 0; b < prompts.Count; b++)
            for (var t = 0; t < prompts[b].Count; t++) ids[b * longest + t] = prompts[b][t];
        return new(tensor(ids, [prompts.Count, longest], int64), tensor(prompts.Select(prompt => (long)prompt.Count).ToArray(), int64));
    }

    /// <summary>Prompts of one length, ids [B,P].</summary>
    public static PromptBatch Of(Tensor ids) => new(ids, full([ids.shape[0]], Held(ids.shape[1]), int64, ids.device));

    /// <summary>Each prompt <paramref name="count"/> times, its copies together: a group of texts that answer the same prompt.</summary>
    public PromptBatch Repeat(int count) =>
        new(Ids.repeat_interleave(count, 0), Lengths.repeat_interleave(count, 0)) { shortest = shortest };

    /// <summary>Rows <paramref name="from"/> to <paramref name="from"/> + <paramref name="count"/>, as views.</summary>
    public PromptBatch Rows(long from, long count) => new(Ids.narrow(0, from, count), Lengths.narrow(0, from, count));

    /// <summary>The same prompts on another device, or an alias of these.</summary>
    public PromptBatch To(Device device) => new(DeviceCopy.Of(Ids, device), DeviceCopy.Of(Lengths, device)) { shortest = Shortest };

    int? shortest;

    /// <summary>
    /// The length of the shortest prompt: so many tokens every row has. Waits for the device where it was never asked for before the
    /// prompts came there.
    /// </summary>
    public int Shortest => shortest ??= Batch == 0 ? 0 : (int)Lengths.min().item<long>();

    /// <summary>[B] bool: whether position <paramref name="t"/> of each text belongs to its prompt.</summary>
    public Tensor Covers(int t) => Lengths.gt(Held(t));

    /// <summary>Puts the prompts' tokens in the place of what was drawn at position <paramref name="t"/>, [B] → [B].</summary>
    public Tensor Over(Tensor drawn, int t) => t < Ids.shape[1] ? where(Covers(t), Ids.select(1, t), drawn) : drawn.alias();
}
