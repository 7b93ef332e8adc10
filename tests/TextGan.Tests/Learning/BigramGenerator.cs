using TextGan.Generators;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TextGan.Tests.Learning;

/// <summary>p(x_t | x_{t-1}) = softmax(table[x_{t-1}]): small enough that every text and every gradient can be enumerated.</summary>
sealed class BigramGenerator : TextGan.Generators.Generator
{
    readonly Parameter table; // [V,V]

    public BigramGenerator(int vocabulary, int seed) : base(nameof(BigramGenerator))
    {
        var random = new Random(seed);
        var values = Enumerable.Range(0, vocabulary * vocabulary).Select(_ => (float)(random.NextDouble() * 2.4 - 1.2)).ToArray();
        table = new Parameter(tensor(values).view(vocabulary, vocabulary));
        RegisterComponents();
    }

    public Parameter Table => table;
    public override int VocabularySize => (int)table.shape[0];
    public override int HiddenSize => (int)table.shape[1];
    protected override Tensor HiddenCore(Tensor inputs) => table.index_select(0, inputs.flatten()).view([.. inputs.shape, HiddenSize]);
    protected override Tensor LogitsCore(Tensor hidden) => hidden.alias();
    protected override GeneratorState StartCore(long batch, int capacity) => new NoState();

    protected override Tensor StepCore(Tensor tokens, GeneratorState state) =>
        tokens.dtype == ScalarType.Int64 ? table.index_select(0, tokens) : tokens.matmul(table);

    protected override Tensor PrefillCore(Tensor tokens, GeneratorState state) => Hidden(tokens);

    sealed class NoState : GeneratorState
    {
        public override GeneratorState Select(Tensor rows) => new NoState();

        protected override void Dispose(bool disposing)
        {
        }
    }
}
