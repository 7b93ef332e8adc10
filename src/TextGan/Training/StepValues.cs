namespace TextGan.Training;

/// <summary>
/// Collects the scalars of a step where they were computed and reads them to the host together: one synchronisation a
/// device and step. Of several values of one name the last counts, but one that is not finite stays until all are read: a later, sound
/// update must not hide it.
/// </summary>
public sealed class StepValues
{
    readonly List<(string Name, Tensor Value)> pending = [];
    readonly Dictionary<string, double> known = [];

    /// <summary>A number that the host knows.</summary>
    public void Add(string name, double value) => Put(known, name, value);

    /// <summary>A 0-dim tensor that nobody changes before <see cref="Read"/>; kept until then, whatever scope it was made in.</summary>
    public void Add(string name, Tensor value)
    {
        if (known.TryGetValue(name, out var earlier) && double.IsFinite(earlier)) known.Remove(name);
        pending.Add((name, value.detach().DetachFromDisposeScope()));
    }

    /// <summary>Forgets what a step that was given up has collected.</summary>
    public void Clear()
    {
        foreach (var (_, value) in pending) value.Dispose();
        pending.Clear();
        known.Clear();
    }

    /// <summary>All values by name, in the order of their addition; tensors first.</summary>
    public IReadOnlyDictionary<string, double> Read()
    {
        using var scope = NewDisposeScope();
        var result = new Dictionary<string, double>();
        foreach (var group in pending.GroupBy(p => (p.Value.device.ToString(), p.Value.dtype)))
        {
            var values = stack([.. group.Select(p => p.Value)]).cpu().to_type(float64).data<double>().ToArray();
            foreach (var ((name, _), value) in group.Zip(values)) Put(result, name, value);
        }
        foreach (var (name, value) in known) Put(result, name, value);
        Clear();
        return result;
    }

    static void Put(Dictionary<string, double> values, string name, double value)
    {
        if (!values.TryGetValue(name, out var earlier) || double.IsFinite(earlier)) values[name] = value;
    }
}
