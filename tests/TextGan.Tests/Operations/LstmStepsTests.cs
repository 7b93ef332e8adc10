using TextGan.Generators;
using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Tests.Operations;

/// <summary>Steps without gradients go another way on the CPU than steps with gradients: both are the same LSTM.</summary>
public class LstmStepsTests
{
    [TestCase(1, 8, 16, false)]
    [TestCase(2, 5, 19, true)]
    [TestCase(3, 32, 3, false)]
    public void Steps_without_gradients_equal_steps_with_them(int layers, int embedding, int hidden, bool tied)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var generator = new LstmGenerator(50, embedding, hidden, layers, tieEmbeddings: tied, initialStandardDeviation: 0.7);
        var ids = randint(0, 50, [37, 6], int64); // more rows than a block, and no multiple of it
        using var plain = generator.Start(37, 6);
        using var fast = generator.Start(37, 6);
        for (var t = 0; t < 6; t++)
        {
            var expected = generator.Step(ids.select(1, t), plain);
            using var gradients = no_grad();
            var given = generator.Step(ids.select(1, t), fast);
            Assert.That((given - expected).abs().max().item<float>(), Is.LessThan(2e-6f), $"step {t}");
        }
        Assert.That(fast.Position, Is.EqualTo(6));
    }

    [Test]
    public void Large_inputs_saturate_and_stay_numbers()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var generator = new LstmGenerator(10, 4, 12, initialStandardDeviation: 1000);
        using var plain = generator.Start(10, 3);
        using var fast = generator.Start(10, 3);
        var tokens = arange(10, int64);
        using var gradients = no_grad();
        for (var t = 0; t < 3; t++)
        {
            Tensor expected;
            using (enable_grad()) expected = generator.Step(tokens, plain);
            Assert.That((generator.Step(tokens, fast) - expected).abs().max().item<float>(), Is.LessThan(2e-6f));
        }
    }

    [Test]
    public void A_state_that_was_selected_goes_on_from_its_rows()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var generator = new LstmGenerator(20, 4, 12, layers: 2);
        using var gradients = no_grad();
        var ids = randint(0, 20, [3, 4], int64);
        using var state = generator.Start(3, 4);
        for (var t = 0; t < 3; t++) generator.Step(ids.select(1, t), state);
        using var branches = state.Select(tensor(new long[] { 2, 0, 2 }));
        var given = generator.Step(tensor(new long[] { 7, 8, 9 }), branches);
        long[] rows = [2, 0, 2];
        for (var i = 0; i < 3; i++)
        {
            var inputs = cat([ids[rows[i]].narrow(0, 0, 3), tensor(new long[] { 7 + i })]).unsqueeze(0);
            Assert.That((given[i] - generator.Hidden(inputs)[0, 3]).abs().max().item<float>(), Is.LessThan(2e-6f));
        }
    }
}
