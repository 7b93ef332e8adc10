using TextGan.Training;

namespace TextGan.Tests.Reporting;

/// <summary>Writes run folders whose metrics.jsonl looks like that of a real run.</summary>
sealed record FakeRun(string Experiment, int Seed)
{
    public int Iterations { get; init; } = 600;
    public int PretrainingUpdates { get; init; } = 1250;
    public int DiscriminatorUpdates { get; init; } = 250;
    public IReadOnlyList<string> Discriminators { get; init; } = ["pretraining", "helpfulness", "harmlessness"];
    public int EvaluateEvery { get; init; } = 50;

    /// <summary>How far the rates rise, 0 to 1.</summary>
    public double Success { get; init; } = 0.8;

    /// <summary>Whether the weights of terms move, as they do with a scheduled combiner.</summary>
    public bool MovingWeights { get; init; }

    /// <summary>Whether discriminators see rejected text.</summary>
    public bool Rejected { get; init; } = true;

    /// <summary>Writes the run below a folder for runs and returns its own folder.</summary>
    public string Write(string runs)
    {
        var folder = RunFolder.Of(runs, Experiment, Seed);
        Directory.CreateDirectory(folder.Root);
        File.WriteAllLines(folder.Metrics, Lines().Select(line => line.ToJson()));
        return folder.Root;
    }

    public IEnumerable<MetricLine> Lines()
    {
        // The same figures at every call: seeded by the run, not by the clock (string.GetHashCode differs between processes).
        var random = new Random(Seed * 1000 + Experiment.Sum(c => c));
        double Noise(double size) => size * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5);
        double Fall(double from, double to, double at) => to + (from - to) * Math.Exp(-5 * at);
        var seconds = 0.0;
        MetricLine Line(string phase, long step, Dictionary<string, double> values) =>
            new() { Phase = phase, Step = step, Seconds = seconds += 0.05, Values = values };

        Dictionary<string, double> Evaluation(double at)
        {
            var rise = Success * (1 - Math.Exp(-4 * Math.Max(0, at)));
            var start = at < 0 ? 1 + at : 1;
            var values = new Dictionary<string, double>
            {
                ["metric/grammatical"] = start * (0.95 - 0.02 * rise) + Noise(0.01),
                ["metric/helpful"] = start * (0.26 + 0.7 * rise) + Noise(0.04),
                ["metric/harmless"] = start * (0.78 + 0.2 * rise) + Noise(0.03),
                ["metric/nll"] = 2.05 + 0.35 * rise + 1.5 * (1 - start) + Noise(0.02),
                ["metric/novel"] = 0.93 - 0.1 * rise + Noise(0.02),
                ["metric/duplicate"] = 0.02 + 0.08 * rise + Math.Abs(Noise(0.01)),
            };
            for (var n = 2; n <= 5; n++)
            {
                values[$"metric/bleu-{n}"] = start * (0.98 - 0.09 * n + 0.03 * rise) + Noise(0.01);
                values[$"metric/self-bleu-{n}"] = start * (0.95 - 0.1 * n + 0.1 * rise) + Noise(0.01);
                if (n < 5)
                    values[$"metric/distinct-{n}"] = 0.08 * n - 0.04 * rise + Noise(0.008);
            }
            return values;
        }

        for (var step = 1; step <= PretrainingUpdates; step++)
        {
            var values = new Dictionary<string, double>
            {
                ["generator/loss"] = Fall(6.5, 2.0, step / (double)PretrainingUpdates) + Noise(0.25),
                ["generator/gradientNorm"] = 1.2 + Math.Abs(Noise(0.5)),
                ["tokensPerSecond"] = 21000 + Noise(2500),
            };
            if (step % 125 == 0)
                values["generator/heldOutLoss"] = Fall(6.5, 2.1, step / (double)PretrainingUpdates) + Noise(0.02);
            yield return Line("pretraining", step, values);
            if (step % 625 == 0)
                yield return Line("pretraining", step, Evaluation(step / (double)PretrainingUpdates - 1));
        }
        if (Iterations > 0)
            for (var step = 10; step <= DiscriminatorUpdates; step += 10)
                yield return Line("discriminator-pretraining", step, Judges(step / (double)DiscriminatorUpdates * 0.3));
        for (var step = 0; step <= Iterations; step++)
        {
            var at = Iterations == 0 ? 0 : step / (double)Iterations;
            if (step > 0)
            {
                var values = Judges(0.3 + at);
                double total = 0;
                for (var k = 0; k < Discriminators.Count; k++)
                {
                    var raw = -Fall(-1.5 + 0.4 * k, 1.0 - 0.3 * k, at * Success) + Noise(0.7);
                    if (step == Iterations / 2 && k == 0)
                        raw = 45; // a spike
                    var weight = MovingWeights ? 0.2 + 0.6 * at * (k % 2) : 1.0 / (k + 1);
                    total += raw * weight;
                    (values[$"term/{Discriminators[k]}/raw"], values[$"term/{Discriminators[k]}/weight"],
                        values[$"term/{Discriminators[k]}/weighted"]) = (raw, weight, raw * weight);
                }
                if (Discriminators.Count > 0)
                {
                    var kl = 0.4 * at + Math.Abs(Noise(0.05));
                    (values["term/kl/raw"], values["term/kl/weight"], values["term/kl/weighted"]) = (kl, 0.5, kl * 0.5);
                    values["total"] = total + kl * 0.5;
                    values["temperature"] = Math.Pow(0.05, at);
                }
                values["generator/gradientNorm"] = 3 * Math.Exp(Noise(1)) * (step % 97 == 0 ? 200 : 1);
                values["tokensPerSecond"] = 9500 + Noise(800);
                yield return Line("adversarial", step, values);
            }
            if (step % EvaluateEvery == 0 || step == Iterations)
                yield return Line("adversarial", step, Evaluation(at).Concat(HeldOut(at)).ToDictionary());
        }

        Dictionary<string, double> HeldOut(double at)
        {
            var values = new Dictionary<string, double>();
            for (var k = 0; k < Discriminators.Count; k++)
            {
                var name = $"discriminator/{Discriminators[k]}/heldOut";
                foreach (var (kind, start) in ((string, double)[])[("Real", 0.62), ("Generated", 0.7), ("Rejected", 0.55), ("Pairs", 0.68)])
                {
                    if (k == 0 && kind is "Rejected" or "Pairs") continue;
                    values[$"{name}Accuracy{kind}"] = Math.Clamp(start + 0.2 * at - 0.02 * k + Noise(0.02), 0, 1);
                    if (kind != "Pairs") values[$"{name}Score{kind}"] = (kind == "Real" ? 0.6 : -1.2) + Success * at + Noise(0.1);
                }
            }
            return values;
        }

        Dictionary<string, double> Judges(double at)
        {
            var values = new Dictionary<string, double>();
            for (var k = 0; k < Discriminators.Count; k++)
            {
                var name = $"discriminator/{Discriminators[k]}/";
                values[name + "loss"] = Fall(1.4, 0.9 - 0.06 * k, at) + Noise(0.12);
                values[name + "accuracyReal"] = Math.Clamp(0.55 + 0.25 * at - 0.02 * k + Noise(0.08), 0, 1);
                values[name + "accuracyGenerated"] = Math.Clamp(0.6 + 0.2 * at - 0.3 * at * at + Noise(0.1), 0, 1);
                values[name + "scoreReal"] = 0.8 + at - 0.2 * k + Noise(0.2);
                values[name + "scoreGenerated"] = -1.5 + 1.2 * Success * at + Noise(0.4);
                if (!Rejected || k == 0)
                    continue;
                values[name + "accuracyRejected"] = Math.Clamp(0.7 + 0.15 * at + Noise(0.06), 0, 1);
                values[name + "scoreRejected"] = -2 - 0.4 * at + Noise(0.3);
            }
            return values;
        }
    }
}
