using TextGan.Generators;
using TextGan.Generators.Sampling;
using TextGan.Plugins;
using TextGan.Tests.Generators;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Plugins;

/// <summary>Components of plug-ins are checked where the library calls them, and do everything else as they do alone.</summary>
public sealed class PluginContractTests
{
    sealed record Options(Func<GeneratorContext, Generator> Make) : GeneratorOptions
    {
        public override Generator Build(GeneratorContext context) => Make(context);
    }

    static readonly GeneratorContext Context = new(GeneratorCases.V, GeneratorCases.T, CPU);

    /// <summary>
    /// A generator of a plug-in around one of the library's, which counts how often it is asked for whole rows of logits.
    /// </summary>
    sealed class Own : Generator
    {
        readonly Generator inner;
        readonly Func<LinearHead, LinearHead?> change;

        public Own(Generator inner, Func<LinearHead, LinearHead?>? change = null) : base(nameof(Own))
        {
            (this.inner, this.change) = (inner, change ?? (head => head));
            RegisterComponents();
        }

        public int LogitCalls { get; private set; }

        public override int VocabularySize => inner.VocabularySize;
        public override int HiddenSize => inner.HiddenSize;
        protected override LinearHead? HeadCore(Tensor hidden) => change(inner.Head(hidden)!.Value);
        protected override Tensor HiddenCore(Tensor inputs) => inner.Hidden(inputs);
        protected override GeneratorState StartCore(long batch, int capacity) => inner.Start(batch, capacity);
        protected override Tensor StepCore(Tensor tokens, GeneratorState state) => inner.Step(tokens, state);
        protected override Tensor PrefillCore(Tensor tokens, GeneratorState state) => inner.Prefill(tokens, state);

        protected override Tensor LogitsCore(Tensor hidden)
        {
            LogitCalls++;
            return inner.Logits(hidden);
        }
    }

    [TestCaseSource(typeof(GeneratorCases), nameof(GeneratorCases.All))]
    public void A_generator_of_a_plug_in_takes_likelihoods_and_draws_as_it_does_alone(string json)
    {
        using var scope = NewDisposeScope();
        var own = new Own(GeneratorCases.Build(json, 3));
        own.eval();
        var expected = Results(own);
        using var wrapped = new Options(_ => own).BuildChecked(Context);
        Assert.That(wrapped, Is.SameAs(own));
        Assert.That(PluginComponent.OfBuilt(own)?.Kind, Is.EqualTo(nameof(Options)));

        (double[] Loss, double[] Gradient, double[] Drawn, double[] LogProbabilities) Results(Generator generator)
        {
            var loss = TeacherForcing.Loss(generator, GeneratorCases.Ids(), ones(4, GeneratorCases.T), GeneratorCases.Start);
            var gradient = autograd.grad([loss], [generator.parameters().First()])[0];
            manual_seed(9);
            var drawn = Sampler.Sample(generator, new SamplingOptions(), 20, GeneratorCases.T, GeneratorCases.Start, GeneratorCases.End);
            return (GeneratorCases.Doubles(loss), GeneratorCases.Doubles(gradient), GeneratorCases.Doubles(drawn.Tokens.Ids),
                GeneratorCases.Doubles(drawn.LogProbabilities));
        }
        var found = Results(wrapped);
        Assert.That(found.Loss, Is.EqualTo(expected.Loss));
        Assert.That(found.Gradient, Is.EqualTo(expected.Gradient));
        Assert.That(found.Drawn, Is.EqualTo(expected.Drawn));
        Assert.That(found.LogProbabilities, Is.EqualTo(expected.LogProbabilities));
        if (TextGan.Operations.Cpu.Processor.HasWideVectors && !OperationMode.TensorsOnly)
            Assert.That(own.LogitCalls, Is.Zero, "no row of logits is ever made whole, in likelihoods and in drawing");
    }

    [Test]
    public void A_generator_of_the_library_stays_what_it_is()
    {
        using var model = new Options(new LstmGeneratorOptions { Embedding = 4, Hidden = 5 }.Build).BuildChecked(Context);
        Assert.That(model, Is.TypeOf<LstmGenerator>());
        Assert.That(PluginComponent.OfBuilt(model), Is.Null);
    }

    static IEnumerable<TestCaseData> Faults()
    {
        static TestCaseData Case(string name, Func<LinearHead, LinearHead> change, string message) =>
            new TestCaseData(change, message).SetArgDisplayNames(name);
        yield return Case("features", head => head with { Features = head.Features.unsqueeze(0) },
            "Own.Head gave the features of a head of the shape [1,4,5,8]; [4,5,n] is needed, n being 1 or more.");
        yield return Case("weight", head => head with { Weight = head.Weight.t() },
            "Own.Head gave the weight of a head of the shape [8,7]; [7,8] is needed.");
        yield return Case("type", head => head with { Weight = head.Weight.to_type(ScalarType.Int32) },
            "Own.Head gave the weight of a head of the type Int32; floating-point numbers are needed.");
        yield return Case("bias", head => head with { Bias = zeros(6) },
            "Own.Head gave the bias of a head of the shape [6]; [7] is needed.");
    }

    [TestCaseSource(nameof(Faults))]
    public void A_head_that_does_not_fit_is_reported(Func<LinearHead, LinearHead> change, string message)
    {
        using var scope = NewDisposeScope();
        using var model = new Options(
            context => new Own(new LstmGeneratorOptions { Embedding = 4, Hidden = 8 }.Build(context), head => change(head)))
                .BuildChecked(Context);
        Assert.That(Assert.Throws<RunFailedException>(() => model.Head(model.Hidden(GeneratorCases.Ids())))!.Message,
            Does.EndWith(message));
    }
}
