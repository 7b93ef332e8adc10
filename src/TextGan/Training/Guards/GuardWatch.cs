using TextGan.Runs.Format;
using TextGan.Runs.Recording;

namespace TextGan.Training.Guards;

/// <summary>
/// Watches one trainer. It reads only what the step has read to the host anyway, and everything it finds is a function of the
/// training alone: a resumed run finds the same at the same step.
/// </summary>
/// <remarks><c>real</c> is what an evaluation's texts are compared with.</remarks>
public sealed class GuardWatch(GuardsOptions options, Recorder recorder, RealTexts? real = null) : IStateful
{
    /// <summary>The generator's name in <see cref="GuardFinding.Blamed"/> and <see cref="Factor"/>.</summary>
    public const string Generator = "generator";

    /// <summary>A discriminator's.</summary>
    public static string Discriminator(string name) => $"discriminator/{name}";

    readonly HashSet<string> warned = []; // conditions that hold and were noted
    Dictionary<string, long> wins = []; // iterations in a row, by discriminator
    Dictionary<string, long> wellAt = []; // the last iteration before them
    Dictionary<string, double> factors = [];
    readonly ModeCollapse collapse = new(options.ModeCollapse, real);
    long rollBacks;
    string lastTarget = ""; // the checkpoint of the last roll-back

    /// <summary>Whether some guard may roll back, so that there must be a checkpoint from the beginning.</summary>
    public bool MayRollBack { get; } = ((GuardAction[])
        [options.NotANumber.Action, options.ExplodingGradient.Action, options.WinningDiscriminator.Action,
            options.OverfittingDiscriminator.Action, options.ModeCollapse.Action])
            .Contains(GuardAction.RollBack);

    /// <summary>What a learning rate is multiplied with after roll-backs.</summary>
    public double Factor(string owner) => factors.GetValueOrDefault("", 1) * factors.GetValueOrDefault(owner, 1);

    /// <summary>
    /// Before an optimiser takes a step: whether it may. Throws <see cref="RunFailedException"/> or
    /// <see cref="RollBackException"/> where the options say so.
    /// </summary>
    /// <param name="phase">The phase.</param>
    /// <param name="step">The step under way, from 1.</param>
    /// <param name="values">The step's values.</param>
    /// <param name="apart">Steps from one look at the values to the next: what is found may be as old.</param>
    public bool Allow(Phase phase, long step, IReadOnlyDictionary<string, double> values, int apart = 1)
    {
        var sound = true;
        foreach (var (name, value) in values)
        {
            if (double.IsFinite(value)) continue;
            Found(options.NotANumber.Action,
                new("notANumber", phase, step, step - apart, null, $"'{name}' is {value}") { Origin = recorder.Origin(name) }, values);
            sound = false;
            break;
        }
        if (sound) Passed("notANumber");
        if (sound && options.ExplodingGradient.Action != GuardAction.Off && values.TryGetValue("generator/gradientNorm", out var norm))
        {
            if (norm > options.ExplodingGradient.Limit)
                Found(options.ExplodingGradient.Action,
                    new("explodingGradient", phase, step, step - apart, Generator,
                    $"the gradient's norm is {norm:G4}, over {options.ExplodingGradient.Limit:G4},"));
            else Passed("explodingGradient");
        }
        return sound;
    }

    /// <summary>After an adversarial iteration: does a discriminator win outright?</summary>
    public void CheckAccuracies(long step, IReadOnlyDictionary<string, double> values, IEnumerable<string> discriminators)
    {
        if (options.WinningDiscriminator.Action == GuardAction.Off) return;
        foreach (var name in discriminators)
        {
            var key = Discriminator(name);
            if (!values.TryGetValue($"{key}/accuracyReal", out var real)
                || !values.TryGetValue($"{key}/accuracyGenerated", out var generated)) continue;
            if (real < 1 || generated < 1)
            {
                wins[name] = 0;
                wellAt[name] = step;
                Passed(key);
                continue;
            }
            wins[name] = wins.GetValueOrDefault(name) + 1;
            if (wins[name] < options.WinningDiscriminator.Steps) continue;
            Found(options.WinningDiscriminator.Action,
                new("winningDiscriminator", Phase.Adversarial, step, wellAt.GetValueOrDefault(name), key,
                $"discriminator '{name}' has judged every text right for {Amount.Of(wins[name], "iteration")}"), condition: key);
        }
    }

    /// <summary>After an evaluation: does a discriminator know the pairs that it learns from much better than others?</summary>
    public void CheckPairs(long step, IReadOnlyDictionary<string, double> values, IEnumerable<string> discriminators)
    {
        var limits = options.OverfittingDiscriminator;
        if (limits.Action == GuardAction.Off) return;
        foreach (var name in discriminators)
        {
            var owner = Discriminator(name);
            if (!values.TryGetValue($"{owner}/gapPairs", out var gap)) continue;
            var (low, high) = (values[$"{owner}/gapPairsLow"], values[$"{owner}/gapPairsHigh"]);
            var (known, heldOut) = (values[$"{owner}/trainingPairs"], values[$"{owner}/heldOutPairs"]);
            var (condition, noticed) = ($"overfitting/{name}", $"overfitting-notice/{name}");
            if (Reaches(limits.Limit))
            {
                warned.Add(noticed); // a gap that shrinks is no news
                Found(limits.Action, Finding(limits.Limit), condition: condition);
                continue;
            }
            Passed(condition);
            wellAt[condition] = step;
            if (!Reaches(limits.Notice)) Passed(noticed);
            else if (warned.Add(noticed))
            {
                var early = Finding(limits.Notice);
                recorder.Event(early, "notice", $"{early.Message} at {PhaseNames.NameOf(early.Phase)} step {step}.");
            }

            // Of few pairs chance alone makes a gap. Accuracies are numbers of 32 bits, whose last digits decide nothing.
            bool Reaches(double limit) => Math.Min(known, heldOut) < limits.Pairs ? low > limit : gap >= limit - 1e-6;

            GuardFinding Finding(double limit) => new("overfittingDiscriminator", Phase.Adversarial, step,
                wellAt.GetValueOrDefault(condition), owner,
                $"discriminator '{name}' is right on {values[$"{owner}/trainingAccuracyPairs"]:0.000} of {known:N0} pairs that it learns " +
                $"from and on {values[$"{owner}/heldOutAccuracyPairs"]:0.000} of {heldOut:N0} held-out ones, a gap of {gap:0.000} (95% " +
                $"interval {low:0.000} to {high:0.000}), which reaches {limit:0.###},");
        }
    }

    /// <summary>After an evaluation: do the texts repeat each other?</summary>
    public void CheckTexts(Phase phase, long step, IReadOnlyList<int[]> texts)
    {
        if (options.ModeCollapse.Action == GuardAction.Off) return;
        if (collapse.Find(texts) is { } found) Found(options.ModeCollapse.Action, new("modeCollapse", phase, step, step, Generator, found));
        else Passed("modeCollapse");
    }

    /// <summary>Before a checkpoint is written: a weight that is not finite ends here, whatever the losses looked like.</summary>
    public void CheckWeights(Phase phase, long step, StateBag bag)
    {
        using var _ = no_grad();
        foreach (var (name, value) in bag.Tensors)
        {
            if (!value.is_floating_point()) continue;
            using var scope = NewDisposeScope();
            var finite = value.isfinite();
            if (finite.all().item<bool>()) continue;
            var first = value.masked_select(finite.logical_not())[0].to_type(float64).item<double>();
            var action = options.NotANumber.Action == GuardAction.RollBack ? GuardAction.RollBack : GuardAction.Stop;
            Found(action, new("notANumber", phase, step, step - 1, null, $"a weight in '{name}' is {first}"));
        }
    }

    void Found(GuardAction action, GuardFinding finding, IReadOnlyDictionary<string, double>? values = null, string? condition = null)
    {
        var place = $"{finding.Message} at {PhaseNames.NameOf(finding.Phase)} step {finding.Step}";
        switch (action)
        {
            case GuardAction.Warn:
                if (warned.Add(condition ?? finding.Guard)) recorder.Event(finding, "warn", place + ".", values);
                break;
            case GuardAction.Stop:
                recorder.Event(finding, "stop", place + ".", values);
                throw new RunFailedException($"{place}; {(finding.Origin is { } origin ? origin + "; " : "")}{recorder.LastGood}.");
            case GuardAction.RollBack when rollBacks >= options.RollBack.Maximum:
                recorder.Event(finding, "stop", place + $", after {rollBacks} roll-backs.", values);
                throw new RunFailedException($"{place}, after {rollBacks} roll-backs, the most that 'guards' allow; {recorder.LastGood}.");
            case GuardAction.RollBack:
                throw new RollBackException(finding);
        }
    }

    void Passed(string condition) => warned.Remove(condition);

    /// <summary>Writes a checkpoint, unless a weight in it is not finite.</summary>
    public void Checkpoint(Phase phase, long step, IStateful state, bool interim = false) => recorder.Save(phase, step, bag =>
    {
        state.Save(bag);
        CheckWeights(phase, step, bag);
    }, interim);

    /// <summary>Trains until it is done; whenever a guard asks for a roll-back, loads a checkpoint and continues from there.</summary>
    /// <param name="train">What returns the steps done.</param>
    /// <param name="values">What a step that is given up has collected is forgotten.</param>
    /// <param name="load">Takes back a state, this watch's own included.</param>
    /// <param name="scaleLearningRates">Sets the step sizes to what <see cref="Factor"/> leaves of them.</param>
    public long Guard(Func<long> train, StepValues values, Action<StateBag> load, Action scaleLearningRates)
    {
        while (true)
        {
            try
            {
                return train();
            }
            catch (RollBackException found)
            {
                values.Clear();
                recorder.PhaseEnded();
                RollBack(found.Finding, load);
                scaleLearningRates();
            }
        }
    }

    /// <summary>
    /// Takes back the newest good checkpoint from before the finding and lowers the learning rates. The lowered ones and the
    /// number of roll-backs are in the checkpoints that follow, so that an interruption forgets neither.
    /// </summary>
    void RollBack(GuardFinding finding, Action<StateBag> load)
    {
        var owner = finding.Blamed ?? "";
        var (number, lowered) = (rollBacks + 1, new Dictionary<string, double>(factors));
        lowered[owner] = lowered.GetValueOrDefault(owner, 1) * options.RollBack.Factor;
        var checkpoint = recorder.GoBack(finding, lastTarget, load);
        (lastTarget, rollBacks, factors) = (checkpoint.Name, number, lowered);
        recorder.Event(finding, "roll-back",
            $"{finding.Message} at {PhaseNames.NameOf(finding.Phase)} step {finding.Step}; back to {checkpoint.Phase} step " +
            $"{checkpoint.Step}, " +
            $"{(owner.Length == 0 ? "all learning rates" : $"learning rate of {owner}")} × {lowered[owner]:G4} (roll-back {number} of " +
            $"{options.RollBack.Maximum}).");
        recorder.Rewound(checkpoint, isResume: false);
    }

    public void Save(StateBag bag)
    {
        bag.Put("roll-backs", rollBacks);
        bag.Put("last-target", lastTarget);
        foreach (var condition in warned) bag.Put($"warned/{condition}", 1);
        foreach (var (name, count) in wins) bag.Put($"wins/{name}", count);
        foreach (var (name, step) in wellAt) bag.Put($"well-at/{name}", step);
        foreach (var (owner, factor) in factors) bag.Put($"factors/{owner}", factor);
    }

    public void Load(StateBag bag)
    {
        rollBacks = bag.GetLong("roll-backs");
        lastTarget = bag.GetText("last-target");
        warned.Clear();
        warned.UnionWith(bag.Scope("warned").ValueNames());
        wins = Read(bag.Scope("wins"), (scope, name) => scope.GetLong(name));
        wellAt = Read(bag.Scope("well-at"), (scope, name) => scope.GetLong(name));
        factors = Read(bag.Scope("factors"), (scope, name) => scope.GetDouble(name));
    }

    static Dictionary<string, T> Read<T>(StateBag scope, Func<StateBag, string, T> read) =>
        scope.ValueNames().ToDictionary(name => name, name => read(scope, name));
}
