namespace TextGan.Learning.Objectives.Combiners;

/// <summary>One number for each discriminator, by name, that a combiner learns.</summary>
/// <param name="initial">What each begins with.</param>
sealed class LearntNumbers(double initial) : IStateful
{
    readonly Dictionary<string, double> numbers = [];

    public double this[string name]
    {
        get => numbers.GetValueOrDefault(name, initial);
        set => numbers[name] = value;
    }

    public void Save(StateBag bag)
    {
        foreach (var (name, number) in numbers) bag.Put(name, number);
    }

    public void Load(StateBag bag)
    {
        numbers.Clear();
        foreach (var name in bag.ValueNames()) numbers[name] = bag.GetDouble(name);
    }
}
