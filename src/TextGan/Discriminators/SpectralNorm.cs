using TorchSharp.Modules;
using static TextGan.Native.KeptTensor;

namespace TextGan.Discriminators;

/// <summary>
/// Spectral normalisation (Miyato et al. 1802.05957): a layer computes with c W / σ(W), and what an optimiser moves is W. σ(W) = uᵀ W v,
/// where u and v follow W by one step of power iteration after each step of the optimiser (algorithm 1).
/// The model holds the effective weights, and nothing in its forward pass changes: whoever asks it, or reads its weights from a checkpoint,
/// gets the normalised model at no cost. Only the gradient is carried over from them to W.
/// </summary>
public sealed class SpectralNorm : IStateful, IDisposable
{
    /// <summary>Power iterations for the first σ; later ones begin where the last one ended.</summary>
    const int FirstIterations = 30;

    const double Smallest = 1e-12;

    readonly Matrix[] matrices;

    /// <summary>Normalises the weights as they are. Draws first vectors from the global random state.</summary>
    /// <param name="model">On its device.</param>
    /// <param name="bound">c: σ of each effective weight.</param>
    /// <exception cref="InvalidInputException">The model has no such weights.</exception>
    public SpectralNorm(nn.Module model, double bound)
    {
        using var scope = NewDisposeScope();
        (string Name, Parameter Parameter)[] all = [.. model.named_parameters()];
        matrices = [.. all.Where(one => IsWeight(one.Name, one.Parameter)).Select(one => new Matrix(one.Name, one.Parameter, bound))];
        if (matrices.Length == 0)
            throw new InvalidInputException("spectralNorm",
                $"the model {model.GetName()} has no weight matrix to normalise: no parameter of two dimensions or more whose name " +
                $"begins with 'weight'.");
        var raw = matrices.ToDictionary(matrix => matrix.Name, matrix => matrix.Raw);
        Parameters = [.. all.Select(one => raw.GetValueOrDefault(one.Name, one.Parameter))];
        foreach (var matrix in matrices) matrix.Refresh(FirstIterations);
    }

    /// <summary>What an optimiser moves: W in the place of each normalised weight.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Weights of layers (linear, convolution, embedding, recurrent), not biases, factors of norms or learned positions.</summary>
    static bool IsWeight(string name, Parameter parameter) =>
        parameter.dim() >= 2 && name[(name.LastIndexOf('.') + 1)..].StartsWith("weight", StringComparison.Ordinal);

    /// <summary>Normalises the weights that the model was given since, as the constructor does.</summary>
    public void Restart()
    {
        foreach (var matrix in matrices) matrix.Restart();
        foreach (var matrix in matrices) matrix.Refresh(FirstIterations);
    }

    /// <summary>After a backward pass: takes the gradients of effective weights over to W.</summary>
    public void CarryGradients()
    {
        foreach (var matrix in matrices) matrix.CarryGradient();
    }

    /// <summary>After a step of the optimiser: one power iteration, and the model gets its effective weights.</summary>
    public void Refresh()
    {
        foreach (var matrix in matrices) matrix.Refresh(1);
    }

    public void Save(StateBag bag)
    {
        foreach (var matrix in matrices) matrix.Save(bag.Scope(matrix.Name));
    }

    /// <summary>The model's own, effective, weights are loaded by whoever loads the model.</summary>
    public void Load(StateBag bag)
    {
        foreach (var matrix in matrices) matrix.Load(bag.Scope(matrix.Name));
    }

    public void Dispose()
    {
        foreach (var matrix in matrices) matrix.Dispose();
    }

    /// <summary>One weight [O,...], read as a matrix [O,I].</summary>
    sealed class Matrix : IDisposable
    {
        readonly Parameter effective;
        readonly double bound;
        Tensor? left, right; // u [O], v [I]
        Tensor? sigma; // σ, 0-dim

        public Matrix(string name, Parameter effective, double bound)
        {
            using var scope = NewDisposeScope();
            (Name, this.effective, this.bound) = (name, effective, bound);
            Raw = nn.Parameter(effective.detach().clone());
            Raw.DetachFromDisposeScope();
            Restart();
        }

        public string Name { get; }

        /// <summary>W.</summary>
        public Parameter Raw { get; }

        /// <summary>W is the model's weight, and u a random vector.</summary>
        public void Restart()
        {
            using var _ = no_grad();
            using var scope = NewDisposeScope();
            Raw.copy_(effective);
            Keep(ref left, Unit(randn(effective.shape[0]).to(effective.device)));
        }

        public void Refresh(int iterations)
        {
            using var _ = no_grad();
            using var scope = NewDisposeScope();
            var matrix = Raw.reshape(Raw.shape[0], -1); // [O,I]
            for (var i = 0; i < iterations; i++)
            {
                Keep(ref right, Unit(matrix.t().mv(left!)));
                Keep(ref left, Unit(matrix.mv(right)));
            }
            Keep(ref sigma, left!.dot(matrix.mv(right!)).clamp_min(Held(Smallest)));
            effective.copy_(Raw * Held(bound) / sigma);
        }

        /// <summary>∂L/∂W = c/σ (G - ⟨G, W/σ⟩ u vᵀ) with G = ∂L/∂(c W/σ): u and v count as constants (section 2.2, equation 12).</summary>
        public void CarryGradient()
        {
            if (effective.grad is not { } gradient) return;
            using var _ = no_grad();
            using var scope = NewDisposeScope();
            var along = (gradient * Raw).sum() / sigma!; // ⟨G, W/σ⟩
            var ofSigma = left!.outer(right!).reshape(Raw.shape) * along; // [O,...]
            Raw.grad = (gradient - ofSigma) * Held(bound) / sigma!;
            effective.grad = null;
        }

        static Tensor Unit(Tensor vector) => vector / vector.Squared().sum().sqrt().clamp_min(Held(Smallest));

        public void Save(StateBag bag)
        {
            bag.Put("raw", Raw);
            bag.Put("left", left!);
            bag.Put("right", right!);
            bag.Put("sigma", sigma!);
        }

        public void Load(StateBag bag)
        {
            using var _ = no_grad();
            Raw.copy_(bag.GetTensor("raw"));
            left!.copy_(bag.GetTensor("left"));
            right!.copy_(bag.GetTensor("right"));
            sigma!.copy_(bag.GetTensor("sigma"));
        }

        public void Dispose()
        {
            Raw.Dispose();
            left?.Dispose();
            right?.Dispose();
            sigma?.Dispose();
        }
    }
}
