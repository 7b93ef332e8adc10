using TextGan.Generators;
using TextGan.Learning.Rollouts;
using TextGan.Learning.Updates;
using TextGan.Metrics;
using TextGan.Native;
using TextGan.Training;

namespace TextGan.Learning;

/// <summary>The gradients of an update rule and of the generator that it trains (not of an average of its weights).</summary>
/// <param name="update">The rule.</param>
/// <param name="request">What it is asked for in a step.</param>
/// <param name="seed">The run's: with the step it decides the batches.</param>
/// <param name="step">Iterations that are done.</param>
public sealed class GradientProbe(UpdateRule update, RolloutRequest request, int seed, long step = 0) : IGradientProbe
{
    /// <summary>Texts that are read at once.</summary>
    const int Rows = 8192;

    readonly IReadOnlyList<TorchSharp.Modules.Parameter> parameters = [.. request.Generator.parameters()];

    public IReadOnlyList<string> Judges { get; } = [.. request.Judges.Select(judge => judge.Name)];

    public Tensor Exact()
    {
        using var scope = NewDisposeScope();
        using var gradients = enable_grad();
        DropoutSwitch.TurnOff(request.Generator);
        var device = parameters[0].device;
        var all = AllTexts.Of(request.Generator.VocabularySize, request.Length, request.EndId, request.PaddingId);
        var sums = Judges.Select(_ => zeros(Size, float64)).ToArray(); // [P] each
        for (var from = 0L; from < all.shape[0]; from += Rows)
        {
            using var part = NewDisposeScope();
            var texts = new TextBatch(all.narrow(0, from, Math.Min(Rows, all.shape[0] - from)).to(device), request.EndId);
            var logs = TeacherForcing.LogProbabilities(request.Generator, texts.Ids, request.StartId) * texts.Mask; // [n,T]
            var probabilities = logs.sum(1).exp(); // [n]
            var onDevice = texts.PerDevice();
            foreach (var (sum, judge) in sums.Zip(request.Judges))
            {
                Tensor losses; // [n]
                using (no_grad()) losses = update.LossOf(judge, onDevice(judge.Device)).to(device);
                sum.AddInPlace(GradientOf((probabilities * losses).sum()));
            }
        }
        return stack(sums).MoveToOuterDisposeScope();
    }

    public void Estimate(int warmUp, int count, Action<Tensor> use)
    {
        using var gradients = enable_grad();
        DropoutSwitch.TurnOff(request.Generator);
        Seeds.Set(seed, "gradient-estimate", step);
        var state = new StateBag();
        update.Save(state);
        for (var i = 0; i < warmUp + count; i++)
        {
            using var scope = NewDisposeScope();
            var terms = update.Estimate(request).Terms.Take(Judges.Count); // after them there may be that of a KL in the reward
            var estimates = stack([.. terms.Select(term => GradientOf(term.Surrogate()))]); // [K,P]
            if (i >= warmUp) use(estimates);
        }
        update.Load(state);
        state.Clear();
    }

    long Size => parameters.Sum(parameter => parameter.numel());

    /// <summary>[P] float64 on the CPU; the graph stays.</summary>
    Tensor GradientOf(Tensor loss)
    {
        if (!loss.requires_grad) return zeros(Size, float64); // a constant discriminator
        var found = BackwardPass.Gradients(loss, [.. parameters], retainGraph: true);
        return cat([.. found.Zip(parameters, (gradient, parameter) =>
            gradient is null ? zeros(parameter.numel(), float64) : gradient.detach().flatten().to_type(float64).cpu())]);
    }
}
