using TorchSharp;
using static TorchSharp.torch;

namespace TextGan.Operations.Cpu;

/// <summary>
/// An LSTM layer over whole texts for tensors in main memory, with its gradient: gates i, f, g, o as PyTorch orders them, from a state of
/// zeros.
/// Each thread takes some texts through all positions, where LibTorch makes a dozen small operations a position. The texts' states do not
/// depend on the number of threads.
/// </summary>
sealed unsafe class LstmSequence : GuardedFunction<LstmSequence>
{
    /// <summary>Texts that a thread takes at once at most: their gates stay in the nearest caches.</summary>
    const int Block = 8;

    public override string Name => nameof(LstmSequence);

    /// <summary>Whether <see cref="Call"/> can read these.</summary>
    public static bool Supports(Tensor input, Tensor inputWeight) => Processor.HasWideVectors && CpuLoop.SupportsProduct(input)
        && CpuLoop.Supports(inputWeight);

    /// <summary>x [B,T,I], W_ih [4H,I], W_hh [4H,H], b_ih and b_hh [4H] → states [B,T,H].</summary>
    public static Tensor Call(Tensor input, Tensor inputWeight, Tensor hiddenWeight, Tensor inputBias, Tensor hiddenBias)
    {
        using var scope = NewDisposeScope();
        var bias = inputBias.Plus(hiddenBias); // [4H]
        if (is_grad_enabled()) return apply(input, inputWeight, hiddenWeight, bias).MoveToOuterDisposeScope();
        return Forward(input, inputWeight, hiddenWeight, bias, null).MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (input, inputWeight, hiddenWeight, bias) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (Tensor)vars[3]);
        // What is saved is read when this has returned: it belongs to the caller's scope.
        var memory = empty(input.shape[0], input.shape[1], 6 * hiddenWeight.shape[1]); // [B,T,6H]: i, f, g, o, c, tanh c
        var states = Forward(input, inputWeight, hiddenWeight, bias, memory);
        ctx.save_for_backward([input, inputWeight, hiddenWeight, bias, memory, states.detach()]);
        return states;
    }

    protected override List<Tensor> Gradients(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (input, inputWeight, hiddenWeight, bias, memory, states) = (saved[0], saved[1], saved[2], saved[3], saved[4], saved[5]);
        if (is_grad_enabled()) return Differentiable([input, inputWeight, hiddenWeight, bias], grad_output);
        var (batch, length, inputs, hidden) = ((int)input.shape[0], (int)input.shape[1], (int)input.shape[2], (int)hiddenWeight.shape[1]);
        var gradient = grad_output.contiguous(); // [B,T,H]
        var gates = empty(batch, length, 4 * hidden); // gradients of the gates before squashing
        var (g, m, r, w) = ((nint)CpuLoop.Floats(gates), (nint)CpuLoop.Floats(memory), (nint)CpuLoop.Floats(gradient),
            (nint)CpuLoop.Floats(hiddenWeight));
        Share(batch, MatrixProduct.Threads(batch * length, 4 * hidden, hidden), (first, count) =>
            Back((float*)g + (long)first * length * 4 * hidden, (float*)m + (long)first * length * 6 * hidden,
                (float*)r + (long)first * length * hidden, (float*)w, count, length, hidden));

        var before = cat([zeros(batch, 1, hidden), states.narrow(1, 0, length - 1)], 1); // [B,T,H]: what each position read
        var rows = batch * length;
        Tensor? ofInput = null, ofInputWeight = null, ofHiddenWeight = null, ofBias = null;
        if (input.requires_grad) ofInput = Product(rows, inputs, 4 * hidden, gates, inputWeight).view(input.shape);
        if (inputWeight.requires_grad) ofInputWeight = MatrixProduct.OfTransposed(4 * hidden, inputs, rows, gates, input);
        if (hiddenWeight.requires_grad) ofHiddenWeight = MatrixProduct.OfTransposed(4 * hidden, hidden, rows, gates, before);
        if (bias.requires_grad) ofBias = gates.view(rows, 4 * hidden).sum([0L]);
        return [ofInput?.MoveToOuterDisposeScope()!, ofInputWeight?.MoveToOuterDisposeScope()!, ofHiddenWeight?.MoveToOuterDisposeScope()!,
            ofBias?.MoveToOuterDisposeScope()!];
    }

    /// <summary>A gradient that can be differentiated itself, as a gradient penalty does: that of the tensor operations.</summary>
    static List<Tensor> Differentiable(Tensor[] inputs, Tensor gradient)
    {
        Tensor[] wanted = [.. inputs.Where(tensor => tensor.requires_grad)];
        var found = new Queue<Tensor>(
            autograd.grad([Lstm.CellByCell(inputs[0], inputs[1], inputs[2], inputs[3]).Output], wanted, [gradient], retain_graph: true,
            create_graph: true));
        return [.. inputs.Select(tensor => tensor.requires_grad ? found.Dequeue().MoveToOuterDisposeScope() : null!)];
    }

    /// <summary>A·B: [m,k] and [k,n] → [m,n].</summary>
    static Tensor Product(int m, int n, int k, Tensor a, Tensor b)
    {
        var product = empty(m, n);
        MatrixProduct.Shared(m, n, k, CpuLoop.Floats(a), k, 1, CpuLoop.Floats(b), n, CpuLoop.Floats(product), n, false);
        return product;
    }

    static Tensor Forward(Tensor input, Tensor inputWeight, Tensor hiddenWeight, Tensor bias, Tensor? memory)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var (batch, length, inputs, hidden) = ((int)input.shape[0], (int)input.shape[1], (int)input.shape[2], (int)hiddenWeight.shape[1]);
        var states = empty(batch, length, hidden);
        var (readWeight, carryWeight) = (Transposed.Of(inputWeight), Transposed.Of(hiddenWeight.contiguous())); // [I,4H], [H,4H]
        var (x, y, wx, wh, b) =
            ((nint)CpuLoop.Floats(input), (nint)CpuLoop.Floats(states), (nint)CpuLoop.Floats(readWeight), (nint)CpuLoop.Floats(carryWeight),
            (nint)CpuLoop.Floats(bias));
        var kept = memory is null ? 0 : (nint)CpuLoop.Floats(memory);
        Share(batch, MatrixProduct.Threads(batch * length, 4 * hidden, inputs + hidden), (first, count) =>
        {
            var m = kept == 0 ? null : (float*)kept + (long)first * length * 6 * hidden;
            Through((float*)x + (long)first * length * inputs, (float*)wx, (float*)wh, (float*)b, (float*)y + (long)first * length * hidden,
                m, count, length, inputs, hidden);
        });
        return states.MoveToOuterDisposeScope();
    }

    static void Share(int batch, int threads, Action<int, int> body) =>
        RowBlocks.Run(batch, Block, MatrixProduct.LeastRows, threads, (begin, end) => body(begin, end - begin));

    /// <summary>Some texts through all positions.</summary>
    static void Through(float* x, float* inputWeight, float* hiddenWeight, float* bias, float* states, float* memory, int count, int length,
        int inputs, int hidden)
    {
        using var buffer = new Scratch((long)count * 5 * hidden);
        var gates = buffer.Numbers; // [count,4H]
        var cells = buffer.Numbers + (long)count * 4 * hidden; // [count,H]
        new Span<float>(cells, count * hidden).Clear();
        for (var t = 0; t < length; t++)
        {
            for (var row = 0; row < count; row++) new ReadOnlySpan<float>(bias, 4 * hidden)
                .CopyTo(new Span<float>(gates + (long)row * 4 * hidden, 4 * hidden));
            MatrixProduct.Single(count, 4 * hidden, inputs, x + (long)t * inputs, (long)length * inputs, 1, inputWeight, 4 * hidden, gates,
                4 * hidden, true);
            if (t > 0)
                MatrixProduct.Single(count, 4 * hidden, hidden, states + (long)(t - 1) * hidden, (long)length * hidden, 1, hiddenWeight,
                    4 * hidden, gates, 4 * hidden, true);
            for (var row = 0; row < count; row++)
                LstmCell.Forward(gates + (long)row * 4 * hidden, cells + (long)row * hidden, states + ((long)row * length + t) * hidden,
                    memory == null ? null : memory + ((long)row * length + t) * 6 * hidden, hidden);
        }
    }

    /// <summary>Some texts' gradients, from the last position to the first.</summary>
    static void Back(float* gates, float* memory, float* gradient, float* hiddenWeight, int count, int length, int hidden)
    {
        using var buffer = new Scratch((long)count * 2 * hidden);
        var ofHidden = buffer.Numbers; // [count,H]
        var ofCell = buffer.Numbers + (long)count * hidden; // [count,H]
        new Span<float>(buffer.Numbers, count * 2 * hidden).Clear();
        for (var t = length - 1; t >= 0; t--)
        {
            for (var row = 0; row < count; row++)
            {
                var place = (long)row * length + t;
                LstmCell.Backward(memory + place * 6 * hidden, t == 0 ? null
                    : memory + (place - 1) * 6 * hidden + 4 * hidden, gradient + place * hidden,
                    ofHidden + (long)row * hidden, ofCell + (long)row * hidden, gates + place * 4 * hidden, hidden);
            }
            if (t > 0)
                MatrixProduct.Single(count, hidden, 4 * hidden, gates + (long)t * 4 * hidden, (long)length * 4 * hidden, 1, hiddenWeight,
                    hidden, ofHidden, hidden, false);
        }
    }
}
