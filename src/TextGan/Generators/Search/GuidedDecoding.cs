using TextGan.Generators.Sampling;

namespace TextGan.Generators.Search;

/// <summary>Draws token after token from p(x_t | x_&lt;t) · exp(weight · value(x_1..t)) / Z (<see cref="GuidedOptions"/>).</summary>
public sealed class GuidedDecoding(int candidates, double weight = 1, int opening = 0) : TextSearch(opening)
{
    readonly TokenDrawer drawer = new();

    public override bool NeedsValue => true;

    protected override IReadOnlyList<int> Choose(SearchSession session)
    {
        var open = session.Open();
        int[] found = [.. session.Best]; // the numbers of texts that are complete from the beginning; -1 of the others
        foreach (var owners in open) Decode(session, owners, found);
        return found;
    }

    /// <summary>Decodes N texts whose roots have one length.</summary>
    void Decode(SearchSession session, int[] owners, int[] found)
    {
        using var scope = NewDisposeScope();
        var (request, generator, device) = (session.Request, session.Request.Generator, session.Device);
        var begin = session.Roots[owners[0]].Length;
        var ids = session.RowsOf([.. owners.Select(owner => session.Roots[owner])]); // [N,T]
        var state = generator.Start(owners.Length, request.Length);
        try
        {
            var hidden = Sampler.Read(generator, state, ids.narrow(1, 0, begin), request.StartId); // [N,H]
            foreach (var owner in owners) session.Costs[owner].Tokens += begin + 1;
            for (var t = begin; ; t++)
            {
                var logs = generator.Logits(hidden).log_softmax(-1); // [N,V]
                var k = (int)Math.Min(candidates == 0 ? int.MaxValue : candidates, logs.shape[1]);
                var (scores, tokens) = logs.topk(k, 1); // [N,k]
                var rows = Indices(owners.Length, int64, device).repeat_interleave(k); // [N·k]
                ids = ids.index_select(0, rows); // [N·k,T]
                ids.select(1, t).copy_(tokens.flatten());
                int[] of = [.. owners.SelectMany(owner => Enumerable.Repeat(owner, k))];
                foreach (var owner in owners) session.Costs[owner].Nodes++;
                var (numbers, values) = Judge(session, ids, session.Completes(tokens.flatten(), t), of);
                if (t + 1 < request.Length)
                {
                    state = SearchSession.Take(state, rows);
                    hidden = generator.Step(tokens.flatten(), state); // [N·k,H]
                    var value = request.Value!(new Prefixes(ids, full([ids.shape[0]], Held(t + 1), int64, device), hidden));
                    values = where(values.isnan(), value.to(device), values);
                }
                var drawn = drawer.Draw(scores.Plus(values.view(-1, k) * Held(weight)), rand([owners.Length, 1], float32, device)).Tokens;
                int[] chosen = [.. drawn.flatten().cpu().data<long>().ToArray().Select((one, n) => (n * k) + (int)one)]; // of N·k
                for (var n = 0; n < of.Length; n++) if (numbers[n] < 0) session.Costs[of[n]].Tokens++;
                foreach (var (owner, row) in owners.Zip(chosen)) found[owner] = numbers[row];
                chosen = [.. chosen.Where(row => numbers[row] < 0)];
                if (chosen.Length == 0) return;
                owners = [.. chosen.Select(row => of[row])];
                rows = session.Ids([.. chosen.Select(row => (long)row)]);
                (ids, hidden, state) = (ids.index_select(0, rows), hidden.index_select(0, rows), SearchSession.Take(state, rows));
            }
        }
        finally
        {
            state.Dispose();
        }
    }

    /// <summary>
    /// Judges those of N·k rows that are complete → the number of each, -1 of the others, and their rewards [N·k], NaN of the others.
    /// </summary>
    static (int[] Numbers, Tensor Values) Judge(SearchSession session, Tensor ids, Tensor completes, int[] of)
    {
        var numbers = Enumerable.Repeat(-1, of.Length).ToArray();
        var rows = completes.nonzero().squeeze(1); // [n]
        int[] complete = [.. rows.cpu().data<long>().ToArray().Select(row => (int)row)];
        if (complete.Length > 0)
        {
            var first = session.Judge(ids.index_select(0, rows), [.. complete.Select(row => of[row])]);
            for (var n = 0; n < complete.Length; n++) numbers[complete[n]] = first + n;
        }
        var values = numbers.Select(number => number < 0 ? float.NaN : (float)session.RewardOf(number)).ToArray();
        return (numbers, tensor(values, device: session.Device));
    }
}
