namespace TextGan.Discriminators;

/// <summary>How the features of a text's positions become one vector.</summary>
public enum FeaturePooling
{
    /// <summary>Convolutions of several widths, and of each filter the strongest answer over time.</summary>
    Convolutions,

    /// <summary>The mean over the text's positions.</summary>
    Mean,

    /// <summary>The features of the text's last position.</summary>
    Last,
}
