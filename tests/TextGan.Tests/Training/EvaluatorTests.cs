using TextGan.Generators;
using TextGan.Tests.Metrics;
using TextGan.Tokenization;
using TextGan.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Tests.Training;

public sealed class EvaluatorTests
{
    /// <summary>Draws all tokens alike and notes how many texts it was asked for at a time.</summary>
    sealed class CountingGenerator : Generator
    {
        readonly Parameter table = new(zeros(5, 5));

        public CountingGenerator() : base("counting") => RegisterComponents();

        public List<long> Batches { get; } = [];
        public override int VocabularySize => 5;
        public override int HiddenSize => 5;
        protected override Tensor HiddenCore(Tensor inputs) => table.index_select(0, inputs.flatten()).view([.. inputs.shape, 5]);
        protected override Tensor LogitsCore(Tensor hidden) => hidden.alias();
        protected override Tensor StepCore(Tensor tokens, GeneratorState state) => table.index_select(0, tokens);
        protected override Tensor PrefillCore(Tensor tokens, GeneratorState state) => Hidden(tokens);

        protected override GeneratorState StartCore(long batch, int capacity)
        {
            Batches.Add(batch);
            return new NoState();
        }

        sealed class NoState : GeneratorState
        {
            public override GeneratorState Select(Tensor rows) => new NoState();

            protected override void Dispose(bool disposing)
            {
            }
        }
    }

    [TestCase(256, "7"), TestCase(3, "3 3 1")]
    public void Texts_are_drawn_in_batches(int batch, string expected)
    {
        using var generator = new CountingGenerator();
        using var evaluator = new Evaluator(new EvaluationOptions { Samples = 7, Batch = batch }, [],
            new TextEncoder(new NumberTokenizer(5), 4), seed: 1);
        Assert.That(evaluator.Evaluate(generator, "pretraining", 0).Rows, Has.Count.EqualTo(7));
        Assert.That(string.Join(' ', generator.Batches), Is.EqualTo(expected));
    }
}
