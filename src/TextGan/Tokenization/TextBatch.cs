using TextGan.Native;

namespace TextGan.Tokenization;

/// <summary>
/// A batch of texts as token ids, and optionally as relaxed tokens that a gradient can cross.
/// Legend of shapes in this project: B batch, T time, V vocabulary, E embedding, H hidden, K discriminators, S logits a sequence.
/// </summary>
public sealed class TextBatch
{
    /// <param name="ids">[B,T] int64.</param>
    /// <param name="endId">The id that ends a text, or null where all T positions count.</param>
    /// <param name="relaxed">[B,T,V] float whose rows sum to 1, or null. Rows of the prompt and after the end must be one-hot at their
    /// ids.</param>
    /// <param name="promptLengths">[B] int64: tokens of each text that are its prompt; null where there are no prompts.</param>
    public TextBatch(Tensor ids, int? endId, Tensor? relaxed = null, Tensor? promptLengths = null)
        : this(ids, MaskOf(ids, endId, promptLengths), null, relaxed)
    {
        if (promptLengths is not null) Response = ResponseOf(promptLengths);
    }

    TextBatch(Tensor ids, Tensor mask, Tensor? response, Tensor? relaxed) =>
        (Ids, Mask, Response, Relaxed) = (ids, mask, response ?? mask, relaxed);

    readonly PendingGradients? pending;

    TextBatch(Tensor ids, int? endId, (Tensor Relaxed, PendingGradients? Pending) shared, Tensor? promptLengths)
        : this(ids, endId, shared.Relaxed, promptLengths) => pending = shared.Pending;

    /// <summary>
    /// A batch that many discriminators are to read. Where <paramref name="relaxed"/> wants a gradient, what they send back to it arrives
    /// as one sum, made in one product; so ask for the gradient of what <paramref name="relaxed"/> was made from, not of
    /// <see cref="Relaxed"/>.
    /// </summary>
    /// <param name="ids">[B,T] int64.</param>
    /// <param name="endId">The id that ends a text, or null.</param>
    /// <param name="relaxed">[B,T,V].</param>
    /// <param name="promptLengths">[B] int64, or null.</param>
    public static TextBatch ForMany(Tensor ids, int? endId, Tensor relaxed, Tensor? promptLengths = null) =>
        new(ids, endId, RelaxedLookup.ForMany(relaxed), promptLengths);

    /// <summary>[B,T] int64. For a relaxed batch: the token drawn at each position.</summary>
    public Tensor Ids { get; }

    /// <summary>[B,T,V] float, rows sum to 1; null for a batch of ids only.</summary>
    public Tensor? Relaxed { get; }

    /// <summary>
    /// [B,T] float: 1 up to and including the first end token, 0 after it. One in a prompt (the end of a turn) does not count.
    /// </summary>
    public Tensor Mask { get; }

    /// <summary>
    /// [B,T] float: 1 where <see cref="Mask"/> is 1 and the writer chose the token: not in its prompt. Rewards and losses touch nothing
    /// else.
    /// </summary>
    public Tensor Response { get; }

    /// <summary>
    /// [T] int64: the position of each token, the same in every row, since a prompt begins its row and its response follows directly.
    /// </summary>
    public Tensor Positions => Indices(Length, int64, Device);

    /// <summary>Whether some text may have a prompt.</summary>
    public bool HasPrompts => !ReferenceEquals(Response, Mask);

    public long Batch => Ids.shape[0];
    public long Length => Ids.shape[1];
    public Device Device => Ids.device;

    /// <summary>[B,T,E]: of each relaxed token the mean of a table's rows [V,E] under its weights.</summary>
    public Tensor MeanOf(Tensor table) =>
        RelaxedLookup.Of(Relaxed ?? throw new InvalidOperationException("This batch holds ids only; their rows are looked up."), table,
            pending);

    /// <summary>The same batch on another device, or an alias of this one where it is there already.</summary>
    public TextBatch To(Device device) => Each(part => DeviceCopy.Of(part, device));

    /// <summary>Rows <paramref name="from"/> to <paramref name="from"/> + <paramref name="count"/>, as views.</summary>
    public TextBatch Rows(long from, long count) => Each(part => part.narrow(0, from, count));

    /// <summary>The rows of these numbers, [n] int64.</summary>
    public TextBatch Select(Tensor rows) => Each(part => part.index_select(0, rows));

    /// <summary>This batch, its tensors moved to the scope around the current one.</summary>
    public TextBatch MoveToOuterDisposeScope()
    {
        Ids.MoveToOuterDisposeScope();
        Mask.MoveToOuterDisposeScope();
        if (HasPrompts) Response.MoveToOuterDisposeScope();
        Relaxed?.MoveToOuterDisposeScope();
        return this;
    }

    /// <summary>The texts of both, these first. If only one of the two has relaxed tokens, the ids of the other become one-hot.</summary>
    public TextBatch Concat(TextBatch other)
    {
        var relaxed = (Relaxed ?? other.Relaxed) is { } like ? cat([RelaxedLike(like), other.RelaxedLike(like)]) : null;
        var response = HasPrompts || other.HasPrompts ? cat([Response, other.Response]) : null;
        return new(cat([Ids, other.Ids]), cat([Mask, other.Mask]), response, relaxed);
    }

    TextBatch Each(Func<Tensor, Tensor> change) =>
        new(change(Ids), change(Mask), HasPrompts ? change(Response) : null, Relaxed is null ? null : change(Relaxed));

    Tensor RelaxedLike(Tensor like) => Relaxed ?? nn.functional.one_hot(Ids, like.shape[2]).to_type(like.dtype);

    /// <summary>[B,T]: the mask without the prompts.</summary>
    Tensor ResponseOf(Tensor promptLengths)
    {
        using var scope = NewDisposeScope();
        return (Mask * Positions.ge(promptLengths.unsqueeze(1))).MoveToOuterDisposeScope();
    }

    /// <summary>A function that gives this batch on a device and moves it once per device, however many ask for it.</summary>
    public Func<Device, TextBatch> PerDevice()
    {
        var copies = new Dictionary<string, TextBatch> { [Device.ToString()] = this };
        return device => copies.TryGetValue(device.ToString(), out var copy) ? copy : copies[device.ToString()] = To(device);
    }

    /// <summary>The same ids and mask without relaxed tokens: nothing to take a gradient through.</summary>
    public TextBatch Hard() => new(Ids, Mask, HasPrompts ? Response : null, null);

    /// <summary>A batch whose mask is known, or is not a function of its ids (interpolates of two texts).</summary>
    /// <param name="ids">[B,T] int64.</param>
    /// <param name="mask">[B,T] float: 1 at positions that count, 0 after the end.</param>
    /// <param name="relaxed">[B,T,V] float, or null.</param>
    /// <param name="response">[B,T] float: 1 at positions of the responses; null: where the mask is 1.</param>
    public static TextBatch WithMask(Tensor ids, Tensor mask, Tensor? relaxed = null, Tensor? response = null) =>
        new(ids, mask, response, relaxed);

    /// <summary>
    /// [B,T] float: 1 up to and including the first <paramref name="endId"/> of each row that is not in its prompt; all ones without an end
    /// id.
    /// </summary>
    public static Tensor MaskOf(Tensor ids, int? endId, Tensor? promptLengths = null)
    {
        if (endId is not { } end) return ones(ids.shape, float32, ids.device);
        using var scope = NewDisposeScope();
        var ends = ids.eq(Held(end)); // [B,T]
        if (promptLengths is not null) ends &= Indices(ids.shape[1], int64, ids.device).ge(promptLengths.unsqueeze(1));
        var isEnd = ends.to_type(int64); // [B,T]
        return (isEnd.cumsum(1) - isEnd).eq(Held(0)).to_type(float32).MoveToOuterDisposeScope();
    }
}
