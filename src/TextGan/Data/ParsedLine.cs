namespace TextGan.Data;

/// <summary>
/// What a line of a data file turned out to be: an item (perhaps with a remark, which is counted too); nothing (an empty line); something
/// without a fault that is of no use and is counted under a reason; or a fault that says what is wrong.
/// </summary>
internal readonly record struct ParsedLine<T>(T? Item, string? Remark, string? PassedOver, string? Fault) where T : class
{
    public static ParsedLine<T> Nothing => default;

    /// <param name="item">What the line gives.</param>
    /// <param name="remark">Follows a number in the summary: "whose ..."; null for none.</param>
    public static ParsedLine<T> Of(T item, string? remark = null) => new(item, remark, null, null);

    /// <param name="reason">Follows a number in the summary: "with ...".</param>
    public static ParsedLine<T> OfNoUse(string reason) => new(null, null, reason, null);

    public static ParsedLine<T> Malformed(string fault) => new(null, null, null, fault);
}
