using TextGan.Generators;
using TorchSharp;
using static TextGan.Tests.Generators.GeneratorCases;
using static TorchSharp.torch;

namespace TextGan.Tests.Generators;

public sealed class TransformerGeneratorTests
{
    static string[] Names(Generator model) =>
        [.. model.named_parameters().Select(p => $"{p.name} [{string.Join(',', p.parameter.shape)}]")];

    /// <summary>Hugging Face's names for Llama: they are the keys of checkpoints and of pretrained weights.</summary>
    [Test]
    public void ItsParametersBearTheNamesOfLlama()
    {
        using var model = new TransformerGenerator(new TransformerShape(V, 8, 2, 4, 2, 12), tieEmbeddings: false);
        static string[] Layer(int i) =>
        [
            $"model.layers.{i}.self_attn.q_proj.weight [8,8]", $"model.layers.{i}.self_attn.k_proj.weight [4,8]",
            $"model.layers.{i}.self_attn.v_proj.weight [4,8]", $"model.layers.{i}.self_attn.o_proj.weight [8,8]",
            $"model.layers.{i}.mlp.gate_proj.weight [12,8]", $"model.layers.{i}.mlp.up_proj.weight [12,8]",
                $"model.layers.{i}.mlp.down_proj.weight [8,12]",
            $"model.layers.{i}.input_layernorm.weight [8]", $"model.layers.{i}.post_attention_layernorm.weight [8]",
        ];
        string[] inside = ["model.embed_tokens.weight [7,8]", .. Layer(0), .. Layer(1), "model.norm.weight [8]"];
        Assert.That(Names(model), Is.EquivalentTo((string[])[.. inside, "lm_head.weight [7,8]"]));
        using var tied = new TransformerGenerator(new TransformerShape(V, 8, 2, 4, 2, 12));
        Assert.That(Names(tied), Is.EquivalentTo(inside));
        using (no_grad()) tied.call(zeros([1, 3], int64)); // makes the table of rotary positions
        Assert.That(tied.state_dict().Keys, Is.EquivalentTo(inside.Select(name => name.Split(' ')[0])), "which is not saved");
    }

    [TestCaseSource(typeof(GeneratorCases), nameof(Transformer))]
    public void ComputesTheEquations(string json)
    {
        using var scope = NewDisposeScope();
        using var model = Build(json, 5);
        using (no_grad()) // norms start at 1, which would hide a norm in the wrong place
            foreach (var norm in model.parameters().Where(p => p.dim() == 1)) norm.copy_(rand_like(norm) + 0.5);
        var reference = new LlamaInDoubles((TransformerGeneratorOptions)Read(json),
            model.named_parameters().ToDictionary(p => p.name, p => Doubles(p.parameter)));
        var logits = Doubles(model.call(Ids())); // [4,T,V]
        for (var text = 0; text < 4; text++)
        {
            var expected = reference.Logits([.. Enumerable.Range(0, T).Select(t => (int)Ids()[text, t].item<long>())]);
            for (var t = 0; t < T; t++)
                Assert.That(logits.AsSpan((text * T + t) * V, V).ToArray(), Is.EqualTo(expected[t]).Within(2e-5), $"text {text}, step {t}");
        }
    }

    /// <summary>Positions beyond the first table of angles, which is 64 long.</summary>
    [Test]
    public void LongTextsStepAsTheyAreRead()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var model = Build(Transformer[1], length: 150);
        manual_seed(1);
        var ids = randint(V, [2, 150], dtype: int64);
        using var state = model.Start(2, 150);
        model.Prefill(ids.narrow(1, 0, 60), state);
        var whole = model.Hidden(ids);
        for (var t = 60; t < 150; t++) Assert.That(
            MaxDifference(model.Step(ids.select(1, t), state), whole.select(1, t)), Is.LessThan(1e-5), $"step {t}");
        Assert.That(Assert.Throws<InvalidOperationException>(() => model.Step(ids.select(1, 0), state))!.Message,
            Is.EqualTo("The state was started for 150 tokens and cannot read token 151."));
    }

    /// <summary>
    /// Relaxed tokens that are fed back, with the cache and with the whole text read again at each step: losses of several positions, each
    /// in a pass of its own over one graph and all in one. In doubles: so long a feedback makes much of a rounding error.
    /// </summary>
    [Test]
    public void TheCacheCarriesTheGradientOfReadingAgain(
        [ValueSource(typeof(GeneratorCases), nameof(Transformer))] string json, [Values(1, 3)] int prompt)
    {
        const int length = 40;
        using var scope = NewDisposeScope();
        using var model = Build(json, 5, length: length);
        model.to(float64);
        manual_seed(2);
        var given = randint(V, [3, prompt], dtype: int64);

        Tensor[] Losses(bool cached)
        {
            using var state = model.Start(3, length);
            var tokens = nn.functional.one_hot(given, V).to_type(float64); // [B,t,V]
            var hidden = cached ? model.Prefill(given, state).select(1, prompt - 1) : model.Hidden(tokens).select(1, prompt - 1);
            var logits = new List<Tensor>();
            for (var t = prompt; t < length; t++)
            {
                logits.Add(model.Logits(hidden));
                var next = (logits[^1] * 3).softmax(-1); // [B,V]
                tokens = cat([tokens, next.unsqueeze(1)], 1);
                hidden = cached ? model.Step(next, state) : model.Hidden(tokens).select(1, t);
            }
            return [logits[4].square().sum(), logits[^1].log_softmax(-1).select(1, 2).sum(), stack(logits).select(2, 3).sum()];
        }

        foreach (var each in (bool[])[true, false])
        {
            var (found, expected) = (Gradients(Losses(cached: true), each), Gradients(Losses(cached: false), each));
            for (var i = 0; i < expected.Length; i++)
                Assert.That((found[i] - expected[i]).abs().max().item<double>(),
                    Is.LessThan(1e-6 * Math.Max(1, expected[i].abs().max().item<double>())), $"{i}");
        }

        Tensor[] Gradients(Tensor[] losses, bool each)
        {
            TorchSharp.Modules.Parameter[] parameters = [.. model.parameters()];
            return each
                ? [.. losses.SelectMany((loss, i) => autograd.grad([loss], parameters, retain_graph: i < losses.Length - 1))]
                : autograd.grad([losses[0] + losses[1] + losses[2]], parameters).ToArray();
        }
    }

    /// <summary>Two texts that continue one beginning: what both send back to it is added.</summary>
    [TestCaseSource(typeof(GeneratorCases), nameof(Transformer))]
    public void BranchesOfACacheShareItsGradient(string json)
    {
        using var scope = NewDisposeScope();
        using var model = Build(json, 5);
        var ids = Ids().narrow(0, 0, 2); // [2,T]
        var rows = tensor(new long[] { 0, 0, 1 });
        Tensor Branched()
        {
            using var state = model.Start(2, T);
            model.Prefill(ids.narrow(1, 0, 2), state);
            using var selected = state.Select(rows);
            var other = model.Step(tensor(new long[] { 2, 3, 4 }), selected);
            return model.Step(tensor(new long[] { 5, 6, 2 }), selected).square().sum() + other.select(1, 0).sum()
                + model.Step(ids.select(1, 2), state).square().sum();
        }
        Tensor Whole()
        {
            var texts = cat([ids.narrow(1, 0, 2).index_select(0, rows), tensor(new long[,] { { 2, 5 }, { 3, 6 }, { 4, 2 } })], 1); // [3,4]
            var hidden = model.Hidden(texts);
            return hidden.select(1, 3).square().sum() + hidden.select(1, 2).select(1, 0).sum()
                + model.Hidden(ids.narrow(1, 0, 3)).select(1, 2).square().sum();
        }
        TorchSharp.Modules.Parameter[] parameters = [.. model.parameters().Take(5)];
        foreach (var (found, expected) in autograd.grad([Branched()], parameters).Zip(autograd.grad([Whole()], parameters)))
            Assert.That(MaxDifference(found, expected), Is.LessThan(4e-5 * Math.Max(1, expected.abs().max().item<float>())));
    }

    [Test]
    public void InitialValuesAreAsStated()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        using var model = new TransformerGenerator(
            new TransformerShape(100, 32, 2, 4, 4, 64), tieEmbeddings: false, initialStandardDeviation: 0.05);
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (parameter.dim() == 1)
            {
                Assert.That(parameter.eq(1).all().item<bool>(), name);
                continue;
            }
            var n = Math.Sqrt(parameter.numel());
            Assert.That(parameter.mean().item<float>(), Is.Zero.Within(0.25 / n), name); // 5 standard errors
            Assert.That(parameter.std().item<float>(), Is.EqualTo(0.05).Within(0.25 / n), name);
        }
    }

    [Test]
    public void IsBuiltFromJson()
    {
        var usual = (TransformerGeneratorOptions)Read("""{"kind":"transformer"}""");
        Assert.That(usual, Is.EqualTo(new TransformerGeneratorOptions
        {
            Hidden = 128, Layers = 2, Heads = 4, KeyValueHeads = null, FeedForward = null, TieEmbeddings = true, Dropout = 0,
                Epsilon = 1e-5, RopeTheta = 10000, InitialStandardDeviation = 0.02,
        }));
        using var model = Build("""{"kind":"transformer"}""", vocabularySize: 11);
        Assert.That(model, Is.TypeOf<TransformerGenerator>().With.Property("VocabularySize").EqualTo(11).And.Property("HiddenSize")
            .EqualTo(128));
        Assert.That(Names(model), Has.Some.EqualTo("model.layers.1.self_attn.k_proj.weight [128,128]")
            .And.Some.EqualTo("model.layers.0.mlp.up_proj.weight [344,128]")
            .And.None.Contains("layers.2").And.None.StartsWith("lm_head"), "8/3 of 128 is 341.3, the next multiple of 8 is 344");
    }

    [TestCase("""{"kind":"transformer","hidden":30,"heads":4}""", "$.generator.hidden: 30 is not a multiple of 'heads' (4).")]
    [TestCase("""{"kind":"transformer","hidden":12,"heads":4}""",
        "$.generator.heads: hidden / heads is 12 / 4 = 3; rotary positions turn pairs of values, so it must be even.")]
    [TestCase("""{"kind":"transformer","hidden":48,"heads":4,"keyValueHeads":3}""",
        "$.generator.keyValueHeads: 3 does not divide 'heads' (4).")]
    [TestCase("""{"kind":"transformer","hidden":48,"heads":4,"keyValueHeads":8}""",
        "$.generator.keyValueHeads: 8 does not divide 'heads' (4).")]
    [TestCase("""{"kind":"transformer","hidden":10,"heads":4,"keyValueHeads":3}""",
        "$.generator.hidden: 10 is not a multiple of 'heads' (4).|$.generator.keyValueHeads: 3 does not divide 'heads' (4).")]
    [TestCase("""{"kind":"transformer","hidden":48,"heads":6,"keyValueHeads":2}""", "")]
    public void SizesThatDoNotFitAreRefused(string json, string problems) =>
        Assert.That(string.Join('|', Read(json).Validate("$.generator")), Is.EqualTo(problems));

    [Test]
    public void TheModelRefusesThemToo() =>
        Assert.That(Assert.Throws<ArgumentException>(() => new TransformerGenerator(new TransformerShape(V, 10, 1, 4, 4, 8)))!.Message,
            Does.StartWith("shape.hidden: 10 is not a multiple of 'heads' (4)."));

    [Test]
    public void WeightsThatDoNotFitAreNamedTogetherAndChangeNothing()
    {
        using var scope = NewDisposeScope();
        using var model = (TransformerGenerator)Build(Transformer[0]);
        var weights = model.state_dict().ToDictionary(entry => entry.Key, entry => zeros_like(entry.Value));
        weights["model.norm.weight"] = zeros(9);
        weights.Remove("model.layers.1.mlp.up_proj.weight");
        weights["model.layers.2.mlp.up_proj.weight"] = zeros(3);
        weights["model.layers.0.self_attn.rotary_emb.inv_freq"] = zeros(2);
        weights["lm_head.weight"] = zeros(V, 8);
        var before = Doubles(model.call(Ids()));
        Assert.That(Assert.Throws<InvalidInputException>(() => model.LoadWeights(weights, "llama.safetensors"))!.Problems.Select(
            p => p.ToString()), Is.EquivalentTo(new[]
        {
            "llama.safetensors: the tensor 'model.norm.weight' is [9]; the model has [8].",
            "llama.safetensors: the tensor 'model.layers.1.mlp.up_proj.weight' is missing.",
            "llama.safetensors: the model has no tensor 'model.layers.2.mlp.up_proj.weight'.",
        }));
        Assert.That(Doubles(model.call(Ids())), Is.EqualTo(before));
    }

    [Test]
    public void WeightsOfAnotherTypeAreTakenOver()
    {
        using var scope = NewDisposeScope();
        using var model = (TransformerGenerator)Build(Transformer[1], 3);
        using var other = (TransformerGenerator)Build(Transformer[1], 4);
        other.LoadWeights(model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.to_type(float64)), "x");
        Assert.That(Doubles(other.call(Ids())), Is.EqualTo(Doubles(model.call(Ids()))));
        Assert.That(other.parameters().All(p => p.dtype == float32 && p.requires_grad));
    }
}
