using TorchSharp.Modules;

namespace TextGan.Learning.Objectives;

/// <summary>What a combiner may ask of the terms: their values, one gradient each, or the gradient of a weighted sum.</summary>
/// <param name="terms">The terms: the discriminators' first.</param>
/// <param name="parameters">The generator's.</param>
/// <param name="together">The weights of the first <paramref name="joint"/> terms → one surrogate that stands for their weighted sum; null
/// where the sum is that.</param>
/// <param name="joint">How many terms <paramref name="together"/> stands for.</param>
public sealed class TermGradients(
    IReadOnlyList<Term> terms, IReadOnlyList<Parameter> parameters, Func<IReadOnlyList<double>, Tensor>? together = null, int joint = 0)
{
    Tensor? kept; // [K,P]

    public IReadOnlyList<Term> Terms { get; } = terms;

    public IReadOnlyList<Parameter> Parameters { get; } = parameters;

    /// <summary>Whether this is the first pass over a rollout. What combiners learn from a rollout's losses they learn then.</summary>
    public bool IsFirstPass { get; init; } = true;

    /// <summary>The generator losses that <see cref="Losses"/> has read, by the discriminators' names.</summary>
    public IReadOnlyDictionary<string, double> KnownLosses { get; private set; } = new Dictionary<string, double>();

    /// <summary>The terms' values, read to the host: one synchronisation.</summary>
    public IReadOnlyList<double> Values() => Read([.. Terms.Select(term => term.Value)]);

    /// <summary>
    /// The discriminators' generator losses (<see cref="Term.Loss"/>) by name, in the terms' order, read to the host: one synchronisation.
    /// </summary>
    public IReadOnlyDictionary<string, double> Losses()
    {
        if (KnownLosses.Count > 0) return KnownLosses;
        using var scope = NewDisposeScope();
        Term[] judged = [.. Terms.Where(term => term.Loss is not null)];
        var read = Read([.. judged.Select(term => term.Loss!())]);
        return KnownLosses = judged.Zip(read).ToDictionary(pair => pair.First.Name, pair => pair.Second);
    }

    double[] Read(Tensor[] scalars)
    {
        if (scalars.Length == 0) return [];
        using var scope = NewDisposeScope();
        return stack([.. scalars.Select(scalar => scalar.to(float64, Parameters[0].device))]).cpu().data<double>().ToArray();
    }

    /// <summary>One backward pass of Σ w_k · surrogate_k into the parameters' gradients.</summary>
    /// <param name="weights">One per term.</param>
    /// <param name="apart">Whether each term has its own surrogate even where one could stand for several.</param>
    public void Backward(IReadOnlyList<double> weights, bool apart = false)
    {
        using var scope = NewDisposeScope();
        Tensor? sum = null;
        var joined = apart ? null : together;
        var first = joined is null ? 0 : joint;
        // A control (constant reward, constant logit) has no graph: its gradient is zero.
        if (joined?.Invoke([.. weights.Take(joint)]) is { requires_grad: true } surrogate) sum = surrogate.to(Parameters[0].device);
        for (var k = first; k < Terms.Count; k++)
        {
            if (weights[k] == 0 || Terms[k].Surrogate() is not { requires_grad: true } own) continue;
            var weighted = own.to(Parameters[0].device) * Held(weights[k]); // a judge may have a device of its own
            sum = sum is null ? weighted : sum.Plus(weighted);
        }
        if (sum is not null) BackwardPass.Run(sum);
    }

    /// <summary>[K,P]: each term's gradient over all P parameters in one row; one backward pass per term. The caller disposes.</summary>
    public Tensor Matrix() => Matrix([.. Enumerable.Range(0, Terms.Count)], retainGraph: false);

    /// <summary>[K,P]: the gradients of some of the terms. The caller disposes.</summary>
    /// <param name="which">Their K numbers.</param>
    /// <param name="retainGraph">Whether a further backward pass follows.</param>
    public Tensor Matrix(IReadOnlyList<int> which, bool retainGraph)
    {
        using var scope = NewDisposeScope();
        var rows = which.Select((number, place) => kept is not null ? kept[number]
            : GradientOf(Terms[number].Surrogate(), retainGraph || place < which.Count - 1)).ToArray();
        return stack(rows).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The gradients of all terms, after which backward passes may follow; whoever asks for a matrix then gets these rows. Belongs to the
    /// caller's dispose scope.
    /// </summary>
    public Tensor KeptMatrix() => kept ??= Matrix([.. Enumerable.Range(0, Terms.Count)], retainGraph: true);

    /// <summary>[P]: the gradient that lies in the parameters, as a row of <see cref="Matrix()"/>.</summary>
    public Tensor Combined()
    {
        using var scope = NewDisposeScope();
        return cat([.. Parameters.Select(parameter => (parameter.grad ?? zeros_like(parameter)).flatten())]).MoveToOuterDisposeScope();
    }

    /// <summary>Adds a row [P] as made by <see cref="Matrix()"/>, or a mixture of rows, to the parameters' gradients.</summary>
    public void Apply(Tensor gradient)
    {
        using var scope = NewDisposeScope();
        long offset = 0;
        foreach (var parameter in Parameters)
        {
            var part = gradient.narrow(0, offset, parameter.numel()).view(parameter.shape);
            parameter.grad = (parameter.grad is { } old ? old.Plus(part) : part.clone()).MoveToOuterDisposeScope();
            offset += parameter.numel();
        }
    }

    /// <summary>[P]: a surrogate's gradient, as a row of <see cref="Matrix()"/>.</summary>
    /// <param name="surrogate">A scalar.</param>
    /// <param name="keepGraph">Whether a backward pass through the same graph follows.</param>
    public Tensor GradientOf(Tensor surrogate, bool keepGraph)
    {
        using var scope = NewDisposeScope();
        if (!surrogate.requires_grad)
            return zeros(Parameters.Sum(p => p.numel()), Parameters[0].dtype, Parameters[0].device).MoveToOuterDisposeScope();
        var gradients = BackwardPass.Gradients(surrogate, [.. Parameters], retainGraph: keepGraph);
        return cat([.. gradients.Select((g, i) => (g ?? zeros_like(Parameters[i])).flatten())]).MoveToOuterDisposeScope();
    }
}
