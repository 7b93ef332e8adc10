using TextGan.Generators.Decoder;
using TorchSharp;
using TorchSharp.Modules;

namespace TextGan.Generators.Lora;

/// <summary>
/// A frozen model with low-rank adapters (2106.09685) beside some of its linear layers. Its parameters are the adapters alone, under the
/// names that PEFT gives them, so that optimisers, checkpoints and averages know nothing of the model's weights. Several may share one
/// model (<see cref="Twin"/>): each switches its own adapters on while it reads, and the others' off.
/// </summary>
public sealed class LoraGenerator : Generator
{
    readonly DecoderGenerator model;
    readonly LowRankAdapters adapters;
    readonly bool ownsModel;

    /// <summary>A model with new adapters: A is drawn uniformly from ±1/√I, as PEFT does (Kaiming's with a = √5), B is 0.</summary>
    /// <param name="model">The model, whose weights are frozen from here on. Disposed of with this.</param>
    /// <param name="options">Rank, targets and so on.</param>
    /// <param name="place">Where the options stand, for messages.</param>
    /// <exception cref="InvalidInputException">The model has no layer of a target's name; it is not disposed of.</exception>
    public LoraGenerator(DecoderGenerator model, LoraOptions options, string place = "$.generator.lora")
        : this(model, options, LayersOf(model, options, place), ownsModel: true)
    {
        foreach (var weight in model.parameters()) weight.requires_grad_(false);
        model.eval(); // the adapters alone drop something
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var adapter in adapters.All)
            adapter.A.copy_(nn.init.kaiming_uniform_(empty(adapter.A.shape), Math.Sqrt(5))); // drawn on the CPU, whatever the device
    }

    LoraGenerator(DecoderGenerator model, LoraOptions options, IEnumerable<(string Name, Linear Layer)> layers, bool ownsModel)
        : base("lora")
    {
        (this.model, Options, this.ownsModel) = (model, options, ownsModel);
        adapters = new([.. layers.Select(found => new LowRankAdapter(found.Name, found.Layer,
            New(found.Name, "A", options.Rank, found.Layer.weight!.shape[1]),
            New(found.Name, "B", found.Layer.weight!.shape[0], options.Rank),
            options.Alpha / options.Rank, options.Dropout))]);
        // RegisterComponents is not called: it would make the model's weights this one's.

        Parameter New(string layer, string matrix, long rows, long columns)
        {
            var parameter = nn.Parameter(zeros([rows, columns], device: model.parameters().First().device));
            parameter.DetachFromDisposeScope();
            register_parameter($"base_model.model.{layer}.lora_{matrix}.weight", parameter);
            return parameter;
        }
    }

    /// <summary>What it was made with.</summary>
    public LoraOptions Options { get; }

    /// <summary>The layers that have adapters, by the last part of their names.</summary>
    public IReadOnlyList<string> Targets => Options.Targets ?? model.UsualTargets;

    /// <summary>Whether the model's files hold its matrices transposed.</summary>
    public bool StoresTransposed => model.StoresTransposed;

    /// <inheritdoc />
    public override int VocabularySize => model.VocabularySize;

    /// <inheritdoc />
    public override int HiddenSize => model.HiddenSize;

    /// <inheritdoc />
    public override int? MaximumLength => model.MaximumLength;

    /// <summary>Another set of adapters, all 0, beside the same model, which stays this one's.</summary>
    public override Generator Twin() =>
        new LoraGenerator(model, Options, adapters.All.Select(adapter => (adapter.Name, adapter.Layer)), ownsModel: false);

    /// <summary>
    /// Adds the adapters to the model's own weights and gives that model. This is used up: it may only be disposed of, together with the
    /// model.
    /// </summary>
    public Generator Merge()
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        foreach (var adapter in adapters.All) adapter.Layer.weight!.AddInPlace(adapter.Delta());
        return model;
    }

    /// <inheritdoc />
    public override void train(bool train = true)
    {
        base.train(train);
        adapters.Training = train;
    }

    /// <inheritdoc />
    public override Tensor? EmbeddingTable => model.EmbeddingTable;

    /// <inheritdoc />
    public override int LayerCount => model.LayerCount;

    /// <inheritdoc />
    public override Tensor StatesAfter(int layers, Tensor embedded)
    {
        using var _ = model.Switches.Use(adapters);
        return model.StatesAfter(layers, embedded);
    }

    /// <inheritdoc />
    protected override Tensor HiddenCore(Tensor inputs)
    {
        using var _ = model.Switches.Use(adapters);
        return model.Hidden(inputs);
    }

    /// <inheritdoc />
    protected override Tensor LogitsCore(Tensor hidden) => model.Logits(hidden);

    /// <inheritdoc />
    protected override LinearHead? HeadCore(Tensor hidden) => model.Head(hidden);

    /// <inheritdoc />
    protected override GeneratorState StartCore(long batch, int capacity) => model.Start(batch, capacity);

    /// <inheritdoc />
    protected override Tensor StepCore(Tensor tokens, GeneratorState state)
    {
        using var _ = model.Switches.Use(adapters);
        return model.Step(tokens, state);
    }

    /// <inheritdoc />
    protected override Tensor PrefillCore(Tensor tokens, GeneratorState state)
    {
        using var _ = model.Switches.Use(adapters);
        return model.Prefill(tokens, state);
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && ownsModel) model.Dispose();
    }

    /// <summary>The linear layers that the targets mean.</summary>
    static IReadOnlyList<(string Name, Linear Layer)> LayersOf(DecoderGenerator model, LoraOptions options, string place)
    {
        // The head is no layer that is called: its matrix is multiplied piece by piece (LinearHead).
        (string Name, Linear Layer)[] all = [.. model.named_modules().Where(one => one.name != "lm_head" && one.module is Linear)
            .Select(one => (one.name, (Linear)one.module))];
        Problem[] problems = [.. options.CheckTargets(place, all.Select(one => LastPart(one.Name)))];
        if (problems.Length > 0) throw new InvalidInputException(problems);
        var targets = options.Targets ?? model.UsualTargets;
        return [.. all.Where(one => targets.Contains(LastPart(one.Name)))];
    }

    static string LastPart(string name) => name[(name.LastIndexOf('.') + 1)..];
}
