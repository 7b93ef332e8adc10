namespace TextGan.Storage;

/// <summary>Has state that a checkpoint must hold for a run to resume as if it had never stopped.</summary>
public interface IStateful
{
    void Save(StateBag bag);

    /// <summary>
    /// Takes back what <see cref="Save"/> put in. Throws <see cref="KeyNotFoundException"/> or <see cref="InvalidDataException"/> for what
    /// is missing or does not fit.
    /// </summary>
    void Load(StateBag bag);
}
