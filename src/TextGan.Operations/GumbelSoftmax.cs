using TextGan.Operations.Cpu;
using static TorchSharp.torch;

namespace TextGan.Operations;

/// <summary>
/// Gumbel-softmax (Jang et al., 1611.01144, equation 2; Maddison et al., 1611.00712): y = softmax((z + g)/τ) with Gumbel noise g =
/// -log(-log u); the drawn token is argmax(z + g), an exact sample of softmax(z). Straight-through, the token is shown one-hot with y's
/// gradient. After its end a text shows the end token for certain, without a gradient. Can be differentiated once.
/// </summary>
public static class GumbelSoftmax
{
    // log(-log(u)) is finite for u in [1e-10, 1 - 6e-8], all that a 32-bit uniform can give but 0.
    const double SmallestUniform = 1e-10;

    /// <summary>Draws whole texts: ids [B,T] int64 and what is shown of them [B,T,V], differentiable in the model's parameters.</summary>
    /// <param name="texts">What to draw.</param>
    /// <param name="parts">The model taken apart, where it can be; then it may be led through all positions in one call.</param>
    /// <param name="logitsAfter">What the model says next, [B,V], when it has read one position: ids [B] at the start, then what was shown,
    /// [B,V].</param>
    /// <param name="device">Where the model is.</param>
    public static (Tensor Ids, Tensor Shown) Draw(RelaxedTexts texts, LstmParts? parts, Func<Tensor, Tensor> logitsAfter, Device device)
    {
        if (parts is not null && RelaxedLstmFunction.Supports(parts, texts.Batch, texts.Length))
            return RelaxedLstmFunction.Draw(parts, texts);
        using var scope = NewDisposeScope();
        var input = full([texts.Batch], Held(texts.StartId), int64, device: device); // [B]
        var alive = ones([texts.Batch], @bool, device); // [B]
        List<Tensor> ids = [], shown = [];
        for (var t = 0; t < texts.Length; t++)
        {
            var draw = Draw(texts, t, logitsAfter(input), alive);
            ids.Add(draw.Tokens);
            shown.Add(draw.Shown);
            (input, alive) = (draw.Shown, draw.Alive);
        }
        return (stack(ids, 1).MoveToOuterDisposeScope(), stack(shown, 1).MoveToOuterDisposeScope());
    }

    /// <summary>Draws one position of all texts.</summary>
    /// <param name="texts">Which texts; their length does not matter.</param>
    /// <param name="position">t.</param>
    /// <param name="logits">z [B,V].</param>
    /// <param name="alive">[B] bool: texts that have not ended before.</param>
    public static RelaxedDraw Draw(RelaxedTexts texts, int position, Tensor logits, Tensor alive) => GumbelSoftmaxFunction.Supports(logits)
        ? GumbelSoftmaxFunction.Draw(texts, position, logits, alive)
        : ByTensors(texts, logits, alive);

    static RelaxedDraw ByTensors(RelaxedTexts texts, Tensor logits, Tensor alive)
    {
        using var scope = NewDisposeScope();
        var surprise = -rand_like(logits).clamp_min(Held(SmallestUniform)).log(); // -log u
        var perturbed = logits - surprise.log();
        var y = (perturbed / Held(texts.Temperature)).softmax(-1); // [B,V]
        var token = perturbed.detach().argmax(-1); // [B]
        var shown = texts.StraightThrough ? nn.functional.one_hot(token, logits.shape[1]).to_type(y.dtype).Plus(y - y.detach()) : y;
        var left = alive.alias();
        if (texts.EndId is { } endId)
        {
            token = token.masked_fill(alive.logical_not(), Held(endId));
            var endRow = zeros(logits.shape[1], device: logits.device); // [V]
            endRow.narrow(0, endId, 1).fill_(Held(1));
            (shown, left) = (where(alive.unsqueeze(1), shown, endRow), alive & token.ne(Held(endId)));
        }
        return new RelaxedDraw(shown.MoveToOuterDisposeScope(), token.MoveToOuterDisposeScope(), left.MoveToOuterDisposeScope());
    }
}
