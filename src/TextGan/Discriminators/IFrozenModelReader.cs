namespace TextGan.Discriminators;

/// <summary>Options of a discriminator that reads a model which stays as it is.</summary>
public interface IFrozenModelReader : IFolderReader
{
    /// <summary>The model's folder; null: the generator as it is when the adversarial phase begins.</summary>
    string? Model { get; }
}
