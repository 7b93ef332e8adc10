namespace TextGan.Data;

/// <summary>What happens at a line of a data file that cannot be used.</summary>
public enum MalformedLines
{
    /// <summary>Loading ends with an error that names file and line.</summary>
    Fail,

    /// <summary>The line is left out; the data set's summary says how many were, and why the first.</summary>
    Skip,
}
