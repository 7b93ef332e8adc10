using TextGan.Generators.Sampling;

namespace TextGan.Generators.Search;

/// <summary>
/// Beam search by log p(x_1..t) + weight·value(x_1..t); the best of the texts that it completes (<see cref="BeamOptions"/>).
/// </summary>
public sealed class BeamSearch(int width, double weight = 0, int opening = 0) : TextSearch(opening)
{
    public override bool NeedsValue => weight > 0;

    protected override IReadOnlyList<int> Choose(SearchSession session)
    {
        foreach (var owners in session.Open()) Search(session, owners);
        return session.Best;
    }

    /// <summary>Searches N texts whose roots have one length.</summary>
    void Search(SearchSession session, int[] owners)
    {
        using var scope = NewDisposeScope();
        var (request, generator, batch, device) = (session.Request, session.Request.Generator, (long)owners.Length, session.Device);
        var begin = session.Roots[owners[0]].Length;
        var ids = session.RowsOf([.. owners.Select(owner => session.Roots[owner])]).unsqueeze(1); // [N,w,T]; w is 1 at first
        var logs = zeros([batch, 1], float32, device); // [N,w]: log p of each beginning after its root; -∞ in an empty place
        var ended = zeros([batch, 1], @bool, device); // [N,w]
        var earned = zeros([batch, 1], float32, device); // [N,w]: rewards of those that have ended
        var state = generator.Start(batch, request.Length);
        try
        {
            var hidden = Sampler.Read(generator, state, ids.select(1, 0).narrow(1, 0, begin), request.StartId); // [N·w,H]
            foreach (var owner in owners) session.Costs[owner].Tokens += begin;
            for (var t = begin; t < request.Length; t++)
            {
                if (!Pay(session, owners, ~ended & logs.isfinite())) return;
                var w = logs.shape[1];
                var next = generator.Logits(hidden).log_softmax(-1).view(batch, w, -1); // [N,w,V]
                var vocabulary = next.shape[2];
                // After its end a text continues with padding, which has probability 1.
                var rest = full([vocabulary], Held(double.NegativeInfinity), float32, device);
                rest[session.Padding].fill_(Held(0));
                next = where(ended.unsqueeze(2), rest, next);
                var worth = logs; // [N,w]
                if (weight > 0)
                {
                    var value = request.Value!(new Prefixes(ids.flatten(0, 1), full([batch * w], Held(t), int64, device), hidden));
                    worth = logs.Plus(where(ended, earned, value.to(device).view(batch, w)) * Held(weight));
                }
                var (_, top) = worth.unsqueeze(2).Plus(next).flatten(1).topk((int)Math.Min(width, w * vocabulary), 1); // [N,w']
                logs = logs.unsqueeze(2).Plus(next).flatten(1).gather(1, top);
                var (parents, tokens) = (top.div(Held(vocabulary), RoundingMode.floor), top.remainder(Held(vocabulary))); // [N,w']
                ids = ids.gather(1, parents.unsqueeze(2).expand(-1, -1, request.Length));
                ids.select(2, t).copy_(tokens);
                (ended, earned) = (ended.gather(1, parents), earned.gather(1, parents));
                var ends = session.Completes(tokens, t) & ~ended & logs.isfinite();
                ended |= ends;
                JudgeThose(session, owners, ids, ends, earned);
                if (t + 1 == request.Length) return;
                var rows = parents.Plus(Indices(batch, int64, device).unsqueeze(1) * Held(w)).flatten(); // [N·w']
                state = SearchSession.Take(state, rows);
                hidden = generator.Step(tokens.flatten(), state);
            }
        }
        finally
        {
            state.Dispose();
        }
    }

    /// <summary>A token and a node for each beginning [N,w] that is read on; false where none is.</summary>
    static bool Pay(SearchSession session, int[] owners, Tensor alive)
    {
        var counts = SearchSession.Numbers(alive.sum(1));
        foreach (var (owner, count) in owners.Zip(counts))
        {
            session.Costs[owner].Tokens += (long)count;
            session.Costs[owner].Nodes += (long)count;
        }
        return counts.Any(count => count > 0);
    }

    /// <summary>Judges those rows of [N,w,T] that are marked [N,w], and writes their rewards into <paramref name="earned"/>.</summary>
    static void JudgeThose(SearchSession session, int[] owners, Tensor ids, Tensor marked, Tensor earned)
    {
        var rows = marked.flatten().nonzero().squeeze(1); // [n]
        int[] of = [.. rows.cpu().data<long>().ToArray().Select(row => owners[row / marked.shape[1]])];
        if (of.Length == 0) return;
        var first = session.Judge(ids.flatten(0, 1).index_select(0, rows), of);
        var rewards = tensor(of.Select((_, n) => (float)session.RewardOf(first + n)).ToArray(), device: session.Device);
        earned.view(-1).index_copy_(0, rows, rewards);
    }
}
