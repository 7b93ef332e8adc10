using static TorchSharp.torch;

namespace TextGan.Operations.Cpu;

/// <summary>
/// <see cref="MaxOverTime"/> for floats in main memory. The gradient goes to the one window that each answer came from, which is the number
/// of places times less to do than a dense one.
/// </summary>
sealed class MaxOverTimeFunction : GuardedFunction<MaxOverTimeFunction>
{
    public override string Name => nameof(MaxOverTimeFunction);

    public static bool Supports(Tensor texts, Tensor[] parameters) => Processor.HasMiddleVectors && CpuLoop.Supports(texts)
        && parameters.All(CpuLoop.Supports);

    /// <param name="texts">[N,T,E], contiguous.</param>
    /// <param name="widths">Of each convolution.</param>
    /// <param name="parameters">Weight [filters, w·E] and bias [filters] of each convolution in turn.</param>
    public static Tensor Of(Tensor texts, int[] widths, IEnumerable<Tensor> parameters) => apply([texts, widths, .. parameters]);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (texts, widths, parameters) = ((Tensor)vars[0], (int[])vars[1], vars[2..].Cast<Tensor>().ToArray());
        var filters = Filters(widths, parameters);
        var strongest = empty([texts.shape[0], Features(parameters)]); // [N,F]
        var places = empty_like(strongest, int32); // [N,F]
        WindowMaxima.Find(new TextWindows(texts), filters, strongest, places);
        ctx.save_data(nameof(widths), widths);
        ctx.save_data("wanted", (bool[])[.. vars.Select(one => one is Tensor { requires_grad: true })]);
        ctx.save_for_backward([texts, places, .. parameters]);
        return strongest;
    }

    protected override List<Tensor> Gradients(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var (saved, widths, wanted) = (ctx.get_saved_variables(), (int[])ctx.get_data("widths"), (bool[])ctx.get_data("wanted"));
        var (texts, places, parameters) = (saved[0], saved[1], saved[2..].ToArray());
        var gradients = is_grad_enabled() ? Differentiable(texts, widths, parameters, grad_output, wanted)
            : Once(texts, places, widths, parameters, grad_output, wanted);
        return [.. gradients.Select(gradient => gradient?.MoveToOuterDisposeScope()!)];
    }

    static Tensor?[] Once(Tensor texts, Tensor places, int[] widths, Tensor[] parameters, Tensor gradient, bool[] wanted)
    {
        var gradients = new WindowGradients(new TextWindows(texts), Filters(widths, parameters), gradient.contiguous(), places);
        var results = new Tensor?[wanted.Length];
        if (wanted[0]) gradients.OfTexts(results[0] = empty_like(texts));
        if (!wanted[2..].Any(one => one)) return results;
        for (var i = 0; i < parameters.Length; i++) results[i + 2] = empty_like(parameters[i]);
        gradients.OfFilters([.. results[2..].Where((_, i) => i % 2 == 0)!], [.. results[2..].Where((_, i) => i % 2 == 1)!]);
        return results;
    }

    /// <summary>A gradient that can be differentiated itself, as a gradient penalty does: that of the tensor operations.</summary>
    static Tensor?[] Differentiable(Tensor texts, int[] widths, Tensor[] parameters, Tensor gradient, bool[] wanted)
    {
        Tensor[] inputs = [texts, .. parameters];
        int[] places = [0, .. Enumerable.Range(2, parameters.Length)]; // of the inputs among the arguments
        var asked = Enumerable.Range(0, inputs.Length).Where(i => wanted[places[i]]).ToArray();
        var found = autograd.grad([MaxOverTime.ByTensors(texts, widths, parameters)], [.. asked.Select(i => inputs[i])], [gradient],
            retain_graph: true, create_graph: true);
        var results = new Tensor?[wanted.Length];
        for (var i = 0; i < asked.Length; i++) results[places[asked[i]]] = found[i];
        return results;
    }

    static int Features(Tensor[] parameters) => (int)parameters.Where((_, i) => i % 2 == 1).Sum(bias => bias.numel());

    static WindowFilters[] Filters(int[] widths, Tensor[] parameters)
    {
        var (filters, feature) = (new WindowFilters[widths.Length], 0);
        for (var i = 0; i < widths.Length; i++)
        {
            filters[i] = new WindowFilters(parameters[2 * i], parameters[2 * i + 1], widths[i], feature);
            feature += filters[i].Count;
        }
        return filters;
    }
}
