using System.Reflection;
using TextGan.Generators;
using TextGan.Generators.Sampling;
using TextGan.Problems;
using TextGan.Tests.Generators;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Experiments;

/// <summary>The wrappers in which components of plug-ins are checked: all that a component can do it can do in its wrapper.</summary>
public sealed class CheckedComponentTests
{
    static IEnumerable<Type> Wrappers() => typeof(CheckedGenerator).Assembly.GetTypes()
        .Where(type => type.Name.StartsWith("Checked", StringComparison.Ordinal) && type is { IsAbstract: false, IsNested: false } && type.GetField("inner", BindingFlags.Instance | BindingFlags.NonPublic) is not null);

    [Test]
    public void Every_family_with_a_wrapper_is_looked_at() => Assert.That(Wrappers().Select(type => type.Name[7..]),
        Is.EquivalentTo(new[] { "Generator", "Discriminator", "Loss", "Update", "Baseline", "Credit", "Combiner", "Metric", "Tokenizer" }));

    [TestCaseSource(nameof(Wrappers))]
    public void Every_member_of_the_contract_is_passed_on(Type wrapper)
    {
        const BindingFlags all = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        var library = wrapper.Assembly;
        IEnumerable<MethodInfo> missing = wrapper.BaseType == typeof(object)
            ? wrapper.GetInterfaces().Where(contract => contract.Assembly == library).SelectMany(contract =>
            {
                var map = wrapper.GetInterfaceMap(contract);
                return map.InterfaceMethods.Where((_, i) => map.TargetMethods[i].DeclaringType != wrapper);
            })
            : wrapper.BaseType!.GetMethods(all)
                .Where(method => method is { IsVirtual: true, IsFinal: false } && method.DeclaringType!.Assembly == library)
                .Where(method => !wrapper.GetMethods(all).Any(own => own.DeclaringType == wrapper && own.GetBaseDefinition() == method.GetBaseDefinition()));
        Assert.That(missing.Select(method => method.Name), Is.Empty);
    }

    sealed record Options(Func<GeneratorContext, Generator> Make) : GeneratorOptions
    {
        public override Generator Build(GeneratorContext context) => Make(context);
    }

    static readonly GeneratorContext Context = new(GeneratorCases.V, GeneratorCases.T, CPU);

    /// <summary>A generator of a plug-in around one of the library's, which counts how often it is asked for whole rows of logits.</summary>
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
        public override LinearHead? Head(Tensor hidden) => change(inner.Head(hidden)!.Value);
        public override Tensor Hidden(Tensor inputs) => inner.Hidden(inputs);
        public override GeneratorState Start(long batch, int capacity) => inner.Start(batch, capacity);
        public override Tensor Step(Tensor tokens, GeneratorState state) => inner.Step(tokens, state);
        public override Tensor Prefill(Tensor tokens, GeneratorState state) => inner.Prefill(tokens, state);

        public override Tensor Logits(Tensor hidden)
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
        using var wrapped = CheckedGenerator.Build(new Options(_ => own), Context);
        Assert.That(wrapped, Is.TypeOf<CheckedGenerator>());
        wrapped.eval();

        (double[] Loss, double[] Gradient, double[] Drawn, double[] LogProbabilities) Results(Generator generator)
        {
            var loss = TeacherForcing.Loss(generator, GeneratorCases.Ids(), ones(4, GeneratorCases.T), GeneratorCases.Start);
            var gradient = autograd.grad([loss], [generator.parameters().First()])[0];
            manual_seed(9);
            var drawn = Sampler.Sample(generator, new SamplingOptions(), 20, GeneratorCases.T, GeneratorCases.Start, GeneratorCases.End);
            return (GeneratorCases.Doubles(loss), GeneratorCases.Doubles(gradient), GeneratorCases.Doubles(drawn.Tokens.Ids), GeneratorCases.Doubles(drawn.LogProbabilities));
        }
        var (found, expected) = (Results(wrapped), Results(own));
        Assert.That(found.Loss, Is.EqualTo(expected.Loss));
        Assert.That(found.Gradient, Is.EqualTo(expected.Gradient));
        Assert.That(found.Drawn, Is.EqualTo(expected.Drawn));
        Assert.That(found.LogProbabilities, Is.EqualTo(expected.LogProbabilities));
        if (TextGan.Operations.Cpu.Processor.HasWideVectors && !OperationMode.TensorsOnly) Assert.That(own.LogitCalls, Is.Zero, "no row of logits is ever made whole, in likelihoods and in drawing");
    }

    [Test]
    public void A_generator_of_the_library_stays_what_it_is()
    {
        using var model = CheckedGenerator.Build(new Options(new LstmGeneratorOptions { Embedding = 4, Hidden = 5 }.Build), Context);
        Assert.That(model, Is.TypeOf<LstmGenerator>());
    }

    static IEnumerable<TestCaseData> Faults()
    {
        static TestCaseData Case(string name, Func<LinearHead, LinearHead> change, string message) => new TestCaseData(change, message).SetArgDisplayNames(name);
        yield return Case("features", head => head with { Features = head.Features.unsqueeze(0) }, "Own.Head gave the features of a head of the shape [1,4,5,8]; [4,5,n] is needed, n being 1 or more.");
        yield return Case("weight", head => head with { Weight = head.Weight.t() }, "Own.Head gave the weight of a head of the shape [8,7]; [7,8] is needed.");
        yield return Case("type", head => head with { Weight = head.Weight.to_type(ScalarType.Int32) }, "Own.Head gave the weight of a head of the type Int32; floating-point numbers are needed.");
        yield return Case("bias", head => head with { Bias = zeros(6) }, "Own.Head gave the bias of a head of the shape [6]; [7] is needed.");
    }

    [TestCaseSource(nameof(Faults))]
    public void A_head_that_does_not_fit_is_reported(Func<LinearHead, LinearHead> change, string message)
    {
        using var scope = NewDisposeScope();
        using var model = CheckedGenerator.Build(new Options(context => new Own(new LstmGeneratorOptions { Embedding = 4, Hidden = 8 }.Build(context), head => change(head))), Context);
        Assert.That(Assert.Throws<RunFailedException>(() => model.Head(model.Hidden(GeneratorCases.Ids())))!.Message, Does.EndWith(message));
    }
}
