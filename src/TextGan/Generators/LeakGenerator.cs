using TorchSharp;
using TorchSharp.Modules;

namespace TextGan.Generators;

/// <summary>
/// LeakGAN's generator (Guo et al., 1709.08624). Before the token at t, with f_t the features of the t tokens so far:
/// g_t = unit(goal of the manager's state), w_t = Σ_{i&lt;c} ψ g_{t-i}, logits = O_t w_t / α with O_t [V,k] linear in the worker's state.
/// The worker takes goals as they come: no gradient of the likelihood reaches the manager, and none of the manager's the worker.
/// </summary>
/// <remarks>
/// O_t w_t is linear in the products of the state, and a 1 for the bias, with w_t: so the head is one matrix [V,(H+1)·k], and O_t is never
/// made. The features' model is kept as buffers: checkpoints hold it, no optimiser sees it.
/// </remarks>
public sealed class LeakGenerator : Generator, IGoalDirected
{
    readonly Embedding embedding;
    readonly LSTM worker, manager;
    readonly Linear goal; // [F,M]
    readonly Linear direction; // ψ: [k,F], without bias
    readonly Linear head; // [V,(H+1)·k], without bias
    readonly PrefixFeatures leaked;
    readonly int hidden, goalSize, horizon, length;
    readonly double temperature;

    /// <param name="leaked">The features, on <paramref name="device"/>; disposed of with this.</param>
    /// <param name="vocabularySize">V.</param>
    /// <param name="length">T: the most tokens of a text.</param>
    /// <param name="embeddingSize">E.</param>
    /// <param name="hiddenSize">H: the worker's.</param>
    /// <param name="managerSize">M: the manager's.</param>
    /// <param name="goalSize">k.</param>
    /// <param name="horizon">c.</param>
    /// <param name="temperature">α.</param>
    /// <param name="initialStandardDeviation">Every parameter is drawn from N(0, σ²); null: PyTorch's initialisation.</param>
    /// <param name="device">Where the parameters live; null: CPU.</param>
    public LeakGenerator(PrefixFeatures leaked, int vocabularySize, int length, int embeddingSize = 32, int hiddenSize = 32,
        int managerSize = 32, int goalSize = 16, int horizon = 4, double temperature = 1, double? initialStandardDeviation = null,
        Device? device = null) : base("leak")
    {
        (this.leaked, this.length, this.goalSize, this.horizon, this.temperature) = (leaked, length, goalSize, horizon, temperature);
        (VocabularySize, hidden) = (vocabularySize, hiddenSize);
        embedding = nn.Embedding(vocabularySize, embeddingSize);
        worker = Lstm.DetachFromScope(nn.LSTM(embeddingSize, hiddenSize, 1, batchFirst: true));
        manager = Lstm.DetachFromScope(nn.LSTM(leaked.Size, managerSize, 1, batchFirst: true));
        goal = nn.Linear(managerSize, leaked.Size);
        direction = nn.Linear(leaked.Size, goalSize, hasBias: false);
        head = nn.Linear((hiddenSize + 1) * goalSize, vocabularySize, hasBias: false);
        RegisterComponents();
        if (initialStandardDeviation is { } deviation)
        {
            using var scope = NewDisposeScope();
            foreach (var parameter in parameters()) nn.init.normal_(parameter, 0, deviation);
        }
        if (device is not null) this.to(device);
        // After the move, which would part the buffers from the model's own tensors.
        foreach (var (name, parameter) in leaked.Model.named_parameters()) register_buffer(NameOf(name), parameter);
        foreach (var (name, buffer) in leaked.Model.named_buffers()) register_buffer(NameOf(name), buffer);

        static string NameOf(string name) => "leaked_" + name.Replace('.', '_');
    }

    /// <inheritdoc />
    public override int VocabularySize { get; }

    /// <summary>H + k: the worker's state and w_t.</summary>
    public override int HiddenSize => hidden + goalSize;

    /// <inheritdoc />
    public override int? MaximumLength => length;

    /// <inheritdoc />
    public override PrefixFeatures Leaked => leaked;

    /// <inheritdoc />
    protected override Tensor HiddenCore(Tensor inputs)
    {
        var features = leaked.OfAll(inputs.narrow(1, 1, inputs.shape[1] - 1)); // [B,T,F]
        var states = Lstm.States(worker, 1, 0, embedding.call(inputs)); // [B,T,H]
        return cat([states, Sums(Directions(GoalsWithoutGradient(features)))], -1); // [B,T,H+k]
    }

    /// <inheritdoc />
    protected override Tensor LogitsCore(Tensor hidden) => HeadOf(hidden).Logits(); // [...,V]

    /// <inheritdoc />
    protected override LinearHead? HeadCore(Tensor hidden) => HeadOf(hidden);

    LinearHead HeadOf(Tensor states)
    {
        var state = states.narrow(-1, 0, hidden); // [...,H]
        var direct = states.narrow(-1, hidden, goalSize) / Held(temperature); // [...,k]
        var read = cat([state, ones_like(state.narrow(-1, 0, 1))], -1); // [...,H+1]
        return new LinearHead((read.unsqueeze(-1) * direct.unsqueeze(-2)).flatten(-2), head.weight!, null);
    }

    /// <inheritdoc />
    protected override GeneratorState StartCore(long batch, int capacity)
    {
        var device = embedding.weight!.device;
        Tensor Zeros(params long[] shape) => zeros(shape, device: device);
        var width = goal.weight!.shape[1]; // M
        return new LeakState(new LeakMemory(empty([batch, 0], int64, device), (Zeros(1, batch, hidden), Zeros(1, batch, hidden)),
            (Zeros(1, batch, width), Zeros(1, batch, width)), Zeros(batch, 0, goalSize)), 0);
    }

    /// <inheritdoc />
    protected override Tensor StepCore(Tensor tokens, GeneratorState state)
    {
        if (tokens.dtype != int64)
            throw new NotSupportedException("The generator 'leak' reads token ids: features of relaxed tokens are not leaked.");
        var own = (LeakState)state;
        var before = own.Memory;
        var text = own.Position == 0 ? before.Tokens.alias() : cat([before.Tokens, tokens.unsqueeze(1)], 1); // [B,n]: without the start
        Tensor goals, managerHidden, managerCell;
        using (no_grad())
        {
            // [B,1,M], [1,B,M], [1,B,M]
            (var managed, managerHidden, managerCell) = Lstm.Read(manager, 1, 0, leaked.Of(text).unsqueeze(1), before.Manager);
            goals = Unit(goal.call(managed)); // [B,1,F]
        }
        var directions = cat([before.Directions, Directions(goals)], 1); // [B,≤ c+1,k]
        if (directions.shape[1] > horizon) directions = directions.narrow(1, 1, horizon);
        // [B,1,H], [1,B,H], [1,B,H]
        var (output, workerHidden, workerCell) = Lstm.Read(worker, 1, 0, embedding.call(tokens).unsqueeze(1), before.Worker);
        var result = cat([output.squeeze(1), directions.sum(1)], -1); // [B,H+k]
        own.Advance(new LeakMemory(text, (workerHidden, workerCell), (managerHidden, managerCell), directions));
        return result;
    }

    /// <inheritdoc />
    protected override Tensor PrefillCore(Tensor tokens, GeneratorState state) =>
        stack([.. tokens.unbind(1).Select(token => Step(token, state))], 1); // [B,P,H+k]

    /// <inheritdoc />
    public Tensor Progress(Tensor ids, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var features = leaked.OfAll(ids); // [B,T+1,F]
        var steps = ids.shape[1];
        var present = features.narrow(1, 0, steps); // [B,T,F]
        var last = mask.sum(1, keepdim: true).to_type(int64); // [B,1]
        var later = Indices(steps, int64, ids.device).Plus((long)horizon).unsqueeze(0).minimum(last); // [B,T]
        var ahead = features.gather(1, later.unsqueeze(2).expand(-1, -1, features.shape[2])); // [B,T,F]
        return Cosines(ahead - present, Goals(present)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    public Tensor IntrinsicRewards(Tensor ids)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var features = leaked.OfAll(ids); // [B,T+1,F]
        var (batch, steps) = (ids.shape[0], ids.shape[1]);
        var goals = GoalsWithoutGradient(features.narrow(1, 0, steps)); // [B,T,F]
        var sums = zeros([batch, steps], device: ids.device);
        for (var i = 1; i <= Math.Min(horizon, steps); i++)
        {
            var count = steps + 1 - i; // of tokens that come i after a goal, or later
            var moved = features.narrow(1, i, count) - features.narrow(1, 0, count); // [B,count,F]
            sums.narrow(1, i - 1, count).AddInPlace(Cosines(moved, goals.narrow(1, 0, count)));
        }
        var led = Indices(steps, ScalarType.Float32, ids.device).Plus(1L).clamp_max(Held(horizon)); // [T]: goals that led to each token
        return (sums / led).MoveToOuterDisposeScope();
    }

    /// <summary>Features [B,T,F] → the goal at each of them, [B,T,F], of length 1.</summary>
    Tensor Goals(Tensor features) => Unit(goal.call(Lstm.States(manager, 1, 0, features)));

    Tensor GoalsWithoutGradient(Tensor features)
    {
        using var _ = no_grad();
        return Goals(features);
    }

    /// <summary>Goals [B,T,F] without a gradient → ψ of each, [B,T,k].</summary>
    Tensor Directions(Tensor goals) => direction.call(goals);

    /// <summary>[B,T,k] → the sum of each and the c - 1 before it.</summary>
    Tensor Sums(Tensor directions)
    {
        var (sums, steps) = (directions, directions.shape[1]);
        for (var i = 1; i < Math.Min(horizon, steps); i++)
            sums = sums.Plus(cat([zeros_like(directions.narrow(1, 0, i)), directions.narrow(1, 0, steps - i)], 1));
        return sums;
    }

    static Tensor Unit(Tensor vectors) => vectors / Length(vectors).unsqueeze(-1);

    /// <summary>[...,F] and unit vectors [...,F] → [...]; 0 for a vector of zeros.</summary>
    static Tensor Cosines(Tensor vectors, Tensor units) => (vectors * units).sum(-1) / Length(vectors);

    static Tensor Length(Tensor vectors) => vectors.Squared().sum(-1).clamp_min(Held(1e-16)).sqrt();

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) leaked.Dispose();
    }
}
