using TextGan.Operations.Cpu;
using static TorchSharp.torch;

namespace TextGan.Tests.Operations;

/// <summary>Against LibTorch's layer with gradients on, whose kernel is right.</summary>
public class LstmTests
{
    static Tensor[] GradientsOf(TorchSharp.Modules.LSTM lstm, Tensor input, Func<Tensor, Tensor> layer, out Tensor states)
    {
        var x = input.clone().requires_grad_(true);
        lstm.zero_grad();
        foreach (var parameter in lstm.parameters()) parameter.grad = null;
        states = layer(x);
        (states * arange(states.numel(), float32).view(states.shape).sin()).sum().backward();
        return [x.grad!.clone(), .. lstm.parameters().Select(parameter => parameter.grad!.clone())];
    }

    [Test]
    public void Equals_LibTorchs_layer_in_states_and_gradients(
        [Values(1, 5, 64)] int batch, [Values(1, 9)] int length, [Values(3, 32)] int inputs, [Values(6, 32, 50)] int hidden,
        [Values(1, 2)] int layers)
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        using var lstm = nn.LSTM(inputs, hidden, layers, batchFirst: true);
        var input = randn(batch, length, inputs);
        var expected = GradientsOf(lstm, input, x => lstm.call(x).Item1, out var plain);
        var actual = GradientsOf(lstm, input, x => Lstm.States(lstm, layers, 0, x), out var fast);
        Assert.That((plain - fast).abs().max().item<float>(), Is.LessThan(2e-6));
        foreach (var (a, e) in actual.Zip(expected)) Assert.That(
            (a - e).abs().max().item<float>(), Is.LessThan(1e-6 + 2e-5 * e.abs().max().item<float>()));
        using var none = no_grad();
        Assert.That(Lstm.States(lstm, layers, 0, input).equal(fast).all().item<bool>(), Is.True, "gradients on or off make no difference");
    }

    [Test]
    public void What_is_no_number_stays_none_in_its_own_text()
    {
        using var scope = NewDisposeScope();
        using var lstm = nn.LSTM(4, 6, batchFirst: true);
        var input = randn(3, 5, 4);
        input[1, 2, 0] = float.NaN;
        var none = Lstm.States(lstm, 1, 0, input).isnan().any(2); // [3,5]
        Assert.That(none.data<bool>().ToArray(),
            Is.EqualTo(new[] { false, false, false, false, false, false, false, true, true, true, false, false, false, false, false }));
    }

    [Test]
    public void Gates_far_from_zero_neither_overflow_nor_vanish()
    {
        using var scope = NewDisposeScope();
        using var lstm = nn.LSTM(4, 6, batchFirst: true);
        var input = randn(3, 5, 4) * 1e4;
        Assert.That((Lstm.States(lstm, 1, 0, input) - lstm.call(input).Item1).abs().max().item<float>(), Is.LessThan(2e-6));
    }

    [Test]
    public void Layers_that_learn_leave_out_between_them()
    {
        using var scope = NewDisposeScope();
        using var lstm = nn.LSTM(4, 64, 2, batchFirst: true, dropout: 0.5);
        var input = randn(2, 3, 4);
        lstm.train();
        Assert.That(Lstm.States(lstm, 2, 0.5, input).equal(Lstm.States(lstm, 2, 0.5, input)).all().item<bool>(), Is.False);
        lstm.eval();
        Assert.That(Lstm.States(lstm, 2, 0.5, input).equal(Lstm.States(lstm, 2, 0.5, input)).all().item<bool>(), Is.True);
    }

    [Test]
    public void Second_gradients_are_those_of_LibTorchs_layer()
    {
        using var scope = NewDisposeScope();
        manual_seed(6);
        using var lstm = nn.LSTM(4, 6, batchFirst: true);
        var input = randn(3, 5, 4);
        Tensor[] Second(Func<Tensor, Tensor> layer)
        {
            var x = input.clone().requires_grad_(true);
            foreach (var parameter in lstm.parameters()) parameter.grad = null;
            var first = autograd.grad([layer(x).square().sum()], [x], retain_graph: true, create_graph: true)[0];
            first.square().sum().backward();
            return [x.grad!.clone(), .. lstm.parameters().Select(parameter => parameter.grad!.clone())];
        }
        foreach (var (a, e) in Second(x => Lstm.States(lstm, 1, 0, x)).Zip(Second(x => lstm.call(x).Item1)))
            Assert.That((a - e).abs().max().item<float>(), Is.LessThan(1e-6 + 1e-4 * e.abs().max().item<float>()));
    }
}
