namespace TextGan.Problems;

/// <summary>
/// The base of every options record that an experiment's JSON is read into. Ranges of single numbers stand as
/// <see cref="System.ComponentModel.DataAnnotations.RangeAttribute"/> on the properties (checked by the reader and shown in the
/// schema); what takes several properties to decide is checked in <see cref="Validate"/>.
/// </summary>
public abstract record ComponentOptions
{
    /// <summary>Yields every problem of this record that no single property shows.</summary>
    /// <param name="path">The JSON path of this record, without a trailing dot.</param>
    public virtual IEnumerable<Problem> Validate(string path) => [];
}
