namespace TextGan.Generators.Decoder;

/// <summary>
/// Attention of new positions over all that a <see cref="KeyValueCache"/> holds, with its gradient. The cache is one piece of memory that
/// all steps write into, each at its own positions, so no step keeps a copy of what came before it: the memory of T steps grows with T,
/// where autograd would save the keys and values of every step, T² of them. In the graph a step has a second result that stands for the
/// cache after it. The next step reads that, so its gradient, of the cache's shape, is handed from the last step back to the first, and
/// each adds its share and takes out what belongs to its own keys and values.
/// </summary>
sealed class CachedAttention : GuardedMultiFunction<CachedAttention>
{
    public override string Name => nameof(CachedAttention);

    /// <summary>
    /// Writes the new keys and values, and attends. Returns [B,heads,n,D] and the cache as the graph sees it after this step.
    /// </summary>
    /// <param name="query">[B,heads,n,D], divided by √D already.</param>
    /// <param name="keys">[B,G,n,D]: of the new positions.</param>
    /// <param name="values">[B,G,n,D].</param>
    /// <param name="before">The cache after the step before, as the graph sees it; null where no earlier position has a gradient.</param>
    /// <param name="memory">[2,B,G,capacity,D]: keys and values.</param>
    /// <param name="position">How many positions the memory holds.</param>
    public static (Tensor Attended, Tensor After) Of(Tensor query, Tensor keys, Tensor values, Tensor? before, Tensor memory, long position)
    {
        var results = apply(query, keys, values, before!, memory, position);
        return (results[0], results[1]);
    }

    /// <summary>Writes keys and values [B,G,n,D] into <paramref name="memory"/> from <paramref name="position"/> on.</summary>
    public static void Write(Tensor keys, Tensor values, Tensor memory, long position)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        memory[0].narrow(2, position, keys.shape[2]).copy_(keys);
        memory[1].narrow(2, position, values.shape[2]).copy_(values);
    }

    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var (query, keys, values, memory, position) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (Tensor)vars[4], (long)vars[5]);
        Write(keys, values, memory, position);
        var (seenKeys, seenValues) = Seen(memory, position + query.shape[2]);
        var inBfloat16 = ModelPrecision.IsBfloat16;
        var weights = Weights(PerGroup(query, keys.shape[1]), seenKeys, query.shape[2], position, inBfloat16); // [B,G,r,S]
        var attended = Products.Of(weights, seenValues, inBfloat16).view(query.shape);
        // Without a gradient from somewhere there is nothing to add, and no zeros of the cache's size are needed.
        ctx.set_materialize_grads(false);
        ctx.save_data("position", position);
        ctx.save_data("in bfloat16", inBfloat16); // a backward pass may run on another thread and later
        ctx.save_data("is first", vars[3] is null);
        ctx.save_for_backward([query, SameMemory(memory).MoveToOuterDisposeScope()]);
        return [attended.MoveToOuterDisposeScope(), SameMemory(memory).MoveToOuterDisposeScope()];
    }

    protected override List<Tensor> Gradients(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        if (is_grad_enabled()) throw new NotSupportedException("Steps of a transformer can be differentiated once, not twice.");
        using var scope = NewDisposeScope();
        var (saved, position) = (ctx.get_saved_variables(), (long)ctx.get_data("position"));
        var (query, memory, steps) = (saved[0], saved[1], saved[0].shape[2]);
        // What later steps have sent, or nothing yet: it passes through all steps, and nobody else holds it.
        var ofMemory = grad_outputs[1].IsInvalid ? zeros_like(memory, float32) : grad_outputs[1].alias(); // [2,B,G,capacity,D]
        var ofQuery = grad_outputs[0].IsInvalid ? null
            : Attend(query, memory, ofMemory, grad_outputs[0], position, (bool)ctx.get_data("in bfloat16"));
        var own = ofMemory.narrow(3, position, steps).clone(); // [2,B,G,n,D]
        var ofBefore = (bool)ctx.get_data("is first") ? null : ofMemory.MoveToOuterDisposeScope();
        return [ofQuery?.MoveToOuterDisposeScope()!, own[0].MoveToOuterDisposeScope(), own[1].MoveToOuterDisposeScope(), ofBefore!, null!,
            null!];
    }

    /// <summary>Adds to the gradient of the memory what this step's result sends, and gives that of the query.</summary>
    static Tensor Attend(Tensor query, Tensor memory, Tensor ofMemory, Tensor gradient, long position, bool inBfloat16)
    {
        var (groups, steps) = (memory.shape[2], query.shape[2]);
        var (keys, values) = Seen(memory, position + steps); // [B,G,S,D]
        var (ofKeys, ofValues) = Seen(ofMemory, position + steps);
        var shared = PerGroup(query, groups); // [B,G,r,D]
        var sent = PerGroup(gradient, groups); // [B,G,r,D]
        var weights = Weights(shared, keys, steps, position, inBfloat16); // [B,G,r,S]: computed again rather than kept
        ofValues.AddInPlace(Products.Of(weights.transpose(-1, -2), sent, inBfloat16));
        var ofWeights = Products.Of(sent, values.transpose(-1, -2), inBfloat16); // [B,G,r,S]
        var ofScores = weights * (ofWeights - (ofWeights * weights).sum(-1, keepdim: true)); // the gradient of softmax
        ofKeys.AddInPlace(Products.Of(ofScores.transpose(-1, -2), shared, inBfloat16));
        return Products.Of(ofScores, keys, inBfloat16).view(query.shape);
    }

    /// <summary>The queries that share a key head are its rows: [B,heads,n,D] → [B,G,heads/G·n,D]. No key is copied.</summary>
    static Tensor PerGroup(Tensor query, long groups) => query.reshape(query.shape[0], groups, -1, query.shape[3]);

    /// <summary>[B,G,r,D] and [B,G,S,D] → [B,G,r,S]. A position sees itself and those before it.</summary>
    static Tensor Weights(Tensor shared, Tensor keys, long steps, long position, bool inBfloat16)
    {
        var scores = Products.Of(shared, keys.transpose(-1, -2), inBfloat16);
        if (steps == 1) return scores.softmax(-1);
        var seen = ones([steps, position + steps], scores.dtype, scores.device).tril(position); // [n,S]
        return scores.Plus(seen.log().repeat(scores.shape[2] / steps, 1)).softmax(-1); // + 0 or -∞
    }

    /// <summary>[2,B,G,capacity,D] → keys and values of the positions that are filled, as views.</summary>
    static (Tensor Keys, Tensor Values) Seen(Tensor memory, long filled) =>
        (memory[0].narrow(2, 0, filled), memory[1].narrow(2, 0, filled));

    /// <summary>
    /// The same memory as another tensor, not a view: autograd fails on what it saved once that or a view of it has been written to. Later
    /// steps do write, but never where this one has read.
    /// </summary>
    static Tensor SameMemory(Tensor memory) => empty([0], memory.dtype, memory.device).set_(memory);
}
