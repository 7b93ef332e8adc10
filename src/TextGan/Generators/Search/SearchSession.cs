using TextGan.Generators.Sampling;

namespace TextGan.Generators.Search;

/// <summary>One call of a search: where it begins, what it reads and judges, what that costs.</summary>
public sealed class SearchSession : IDisposable
{
    readonly long[] promptLengths;
    readonly TokenDrawer drawer = new();
    readonly List<Tensor> judged = []; // [n,T] each
    readonly List<double> rewards = [];
    readonly List<int> owners = []; // whose text each judged one is
    readonly int[] best;

    internal SearchSession(SearchRequest request, int opening)
    {
        (Request, Device) = (request, Sampler.DeviceOf(request.Generator));
        Costs = [.. Enumerable.Range(0, request.Batch).Select(_ => new SearchCost())];
        best = [.. Enumerable.Repeat(-1, request.Batch)];
        promptLengths = request.Prompts?.Lengths.cpu().data<long>().ToArray() ?? new long[request.Batch];
        Roots = request.Prompts is { } prompts ? [.. Rows(prompts.Ids).Zip(promptLengths, (row, length) => row[..(int)length])]
            : [.. Costs.Select(_ => Array.Empty<long>())];
        if (request.Prompts is not null || Math.Min(opening, request.Length - 1) is not (> 0 and var drawn)) return;
        var texts = Rows(Read(Roots, All, drawn).Ids);
        Roots = [.. texts.Select(row => row[..((int)Math.Min(drawn, LengthOf(row)))])];
    }

    public SearchRequest Request { get; }

    public Device Device { get; }

    /// <summary>0 to B - 1.</summary>
    public IReadOnlyList<int> All => [.. Enumerable.Range(0, Request.Batch)];

    /// <summary>What each of the B texts begins with: its prompt, or its opening.</summary>
    public IReadOnlyList<long[]> Roots { get; }

    public IReadOnlyList<SearchCost> Costs { get; }

    public int Padding => Request.PaddingId ?? Request.EndId ?? 0;

    /// <summary>Of each of the B texts the number of the best one that was judged, the first of equal ones.</summary>
    public IReadOnlyList<int> Best => best;

    /// <summary>Whether a beginning of one of the B texts is a whole text: it has its end, or no more room.</summary>
    public bool IsComplete(long[] prefix, int owner) => prefix.Length == Request.Length
        || (prefix.Length > promptLengths[owner] && prefix[^1] == Request.EndId);

    /// <summary>
    /// The generator reads beginnings of any lengths below T and, where asked to, draws on → the state after each beginning, [N,H], and
    /// the rows [N,T]. Text n belongs to search <paramref name="of"/>[n], which pays for it.
    /// </summary>
    /// <param name="prefixes">N beginnings.</param>
    /// <param name="of">Whose they are.</param>
    /// <param name="until">How many tokens the texts are to have, unless they end; 0 draws none.</param>
    public (Tensor Hidden, Tensor Ids) Read(IReadOnlyList<long[]> prefixes, IReadOnlyList<int> of, int until)
    {
        using var scope = NewDisposeScope();
        var (generator, length) = (Request.Generator, Request.Length);
        var lengths = Ids([.. prefixes.Select(prefix => (long)prefix.Length)]); // [N]
        var (shortest, longest) = (prefixes.Min(prefix => prefix.Length), prefixes.Max(prefix => prefix.Length));
        var ids = RowsOf(prefixes); // [N,T]
        using var state = generator.Start(prefixes.Count, length);
        var hidden = Sampler.Read(generator, state, ids.narrow(1, 0, shortest), Request.StartId); // [N,H]
        var found = hidden.clone();
        var ended = tensor(prefixes.Select((prefix, n) => IsComplete(prefix, of[n])).ToArray(), device: Device); // [N]
        for (var t = shortest; t < Math.Max(longest, until); t++)
        {
            using var column = ids.select(1, t); // [N], a view
            if (t < until)
            {
                var drawn = drawer.Draw(generator, hidden, rand([prefixes.Count, 1], float32, Device)).Tokens.squeeze(1); // [N]
                var isDrawn = lengths.le(Held(t)); // [N]
                column.copy_(where(isDrawn, where(ended, full_like(drawn, Held(Padding)), drawn), column));
                if (Request.EndId is { } end) ended |= isDrawn & column.eq(Held(end));
            }
            if (t + 1 > longest && (t + 1 >= until || ended.all().cpu().data<bool>()[0])) break;
            hidden = generator.Step(column, state);
            if (t + 1 <= longest) found = where(lengths.eq(Held(t + 1)).unsqueeze(1), hidden, found);
        }
        if (until == 0) for (var n = 0; n < of.Count; n++) Costs[of[n]].Tokens += prefixes[n].Length + 1;
        else foreach (var (n, row) in Rows(ids).Index()) Costs[of[n]].Tokens += Math.Min(until, LengthOf(row, promptLengths[of[n]]));
        return (found.MoveToOuterDisposeScope(), ids.MoveToOuterDisposeScope());
    }

    /// <summary>Judges complete texts [N,T], whose searches pay for it → the number of the first; the others follow.</summary>
    /// <param name="ids">N rows.</param>
    /// <param name="of">Whose they are.</param>
    /// <param name="areNodes">Whether each counts as a node.</param>
    public int Judge(Tensor ids, IReadOnlyList<int> of, bool areNodes = false)
    {
        using var scope = NewDisposeScope();
        var (first, found) = (rewards.Count, Numbers(Request.Reward(Texts(ids, of))));
        for (var n = 0; n < of.Count; n++)
        {
            var cost = Costs[of[n]];
            cost.Judged++;
            if (areNodes) cost.Nodes++;
            if (found[n] > cost.Best || best[of[n]] < 0) (cost.Best, best[of[n]]) = (found[n], first + n);
            if (found[n] >= Request.Threshold) cost.NodesToReach ??= cost.Nodes;
        }
        judged.Add(ids.clone().DetachFromDisposeScope());
        rewards.AddRange(found);
        owners.AddRange(of);
        return first;
    }

    /// <summary>
    /// Judges the roots that are whole texts, and gives the others, those of one length together: a state has read as many tokens of each
    /// of its rows.
    /// </summary>
    public IEnumerable<int[]> Open()
    {
        int[] complete = [.. All.Where(owner => IsComplete(Roots[owner], owner))];
        if (complete.Length > 0) Judge(RowsOf([.. complete.Select(owner => Roots[owner])]), complete);
        return All.Except(complete).GroupBy(owner => Roots[owner].Length).Select(group => group.ToArray());
    }

    /// <summary>Which of the tokens at position <paramref name="t"/> complete a text: bool, of the tokens' shape.</summary>
    public Tensor Completes(Tensor tokens, int t) => t + 1 == Request.Length ? ones_like(tokens, @bool)
        : Request.EndId is { } end ? tokens.eq(Held(end)) : zeros_like(tokens, @bool);

    /// <summary>The state with these rows [N] in the place of the state, which is disposed of.</summary>
    internal static GeneratorState Take(GeneratorState state, Tensor rows)
    {
        using var before = state;
        return state.Select(rows);
    }

    /// <summary>The reward of the text with this number.</summary>
    public double RewardOf(int number) => rewards[number];

    /// <summary>[N,T]: rows that begin so, filled up with padding.</summary>
    public Tensor RowsOf(IReadOnlyList<long[]> prefixes)
    {
        var flat = new long[prefixes.Count * Request.Length];
        Array.Fill(flat, Padding);
        for (var n = 0; n < prefixes.Count; n++) prefixes[n].CopyTo(flat, n * Request.Length);
        return Ids(flat).view(prefixes.Count, Request.Length);
    }

    /// <summary>[n] int64 on the generator's device.</summary>
    public Tensor Ids(long[] numbers) => tensor(numbers, int64, Device);

    /// <summary>A tensor's numbers on the host.</summary>
    public static double[] Numbers(Tensor values) => values.to_type(float64).cpu().contiguous().data<double>().ToArray();

    internal FoundTexts Found(IReadOnlyList<int> chosen)
    {
        var (ids, all) = (cat(judged), tensor(rewards.ToArray(), float32, Device)); // [M,T], [M]
        var rows = Ids([.. chosen.Select(number => (long)number)]);
        return new FoundTexts(Texts(ids.index_select(0, rows), All), all.index_select(0, rows), Texts(ids, owners), all, Costs);
    }

    TextBatch Texts(Tensor ids, IReadOnlyList<int> of) => new(ids, Request.EndId,
        promptLengths: Request.Prompts is null ? null : Ids([.. of.Select(owner => promptLengths[owner])]));

    /// <summary>Tokens of a row up to its end, the end token included.</summary>
    long LengthOf(long[] row, long promptLength = 0)
    {
        var end = Request.EndId is { } id ? Array.IndexOf(row, id, (int)promptLength) : -1;
        return end < 0 ? row.Length : end + 1;
    }

    public void Dispose()
    {
        foreach (var texts in judged) texts.Dispose();
    }

    static long[][] Rows(Tensor ids)
    {
        var (flat, width) = (ids.cpu().contiguous().data<long>().ToArray(), (int)ids.shape[1]);
        return [.. Enumerable.Range(0, (int)ids.shape[0]).Select(n => flat[(n * width)..((n + 1) * width)])];
    }
}
