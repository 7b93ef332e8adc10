namespace TextGan.Reporting;

/// <summary>
/// How one series looks: colour, dashes and marker together, so that any one of them alone (greyscale, colour blindness) tells it apart.
/// </summary>
/// <param name="Color">From the palette of Okabe and Ito, its yellow darkened for white paper.</param>
/// <param name="Pattern">Dashes.</param>
/// <param name="Marker">Shape at some of the points.</param>
public sealed record LineLook(Color Color, LinePattern Pattern, MarkerShape Marker)
{
    static readonly LinePattern Solid = LinePattern.Solid;
    static readonly LinePattern Dashes = new([10, 4], 0, "dashes");
    static readonly LinePattern Dots = new([2.5f, 3], 0, "dots");
    static readonly LinePattern DashDot = new([10, 3, 2.5f, 3], 0, "dash and dot");
    static readonly LinePattern[] Patterns = [Solid, Dashes, DashDot, Dots];

    // Dark and light take turns; neighbours differ in dashes and marker as well.
    static readonly (string Hex, LinePattern Pattern, MarkerShape Marker)[] Order =
    [
        ("#0072B2", Solid, MarkerShape.FilledCircle),
        ("#E69F00", Dashes, MarkerShape.FilledSquare),
        ("#009E73", DashDot, MarkerShape.FilledTriangleUp),
        ("#CC79A7", Solid, MarkerShape.OpenDiamond),
        ("#D55E00", Dots, MarkerShape.FilledTriangleDown),
        ("#56B4E9", Dashes, MarkerShape.OpenCircle),
        ("#404040", DashDot, MarkerShape.Cross),
        ("#A89A00", Solid, MarkerShape.OpenSquare),
    ];

    /// <summary>Black and solid, for curves above the series (a total, a reference).</summary>
    public static LineLook Strong { get; } = new(Colors.Black, Solid, MarkerShape.None);

    /// <summary>Real, generated and rejected text, the same in every picture.</summary>
    public static LineLook Real { get; } = new(Color.FromHex("#0072B2"), Solid, MarkerShape.FilledCircle);

    /// <inheritdoc cref="Real"/>
    public static LineLook Generated { get; } = new(Color.FromHex("#E69F00"), Dashes, MarkerShape.FilledSquare);

    /// <inheritdoc cref="Real"/>
    public static LineLook Rejected { get; } = new(Color.FromHex("#202020"), Dots, MarkerShape.OpenTriangleUp);

    /// <summary>The same kinds of text where they are held out (generated: of the evaluation), and pairs of them.</summary>
    public static LineLook HeldOutReal { get; } = new(Color.FromHex("#56B4E9"), DashDot, MarkerShape.OpenCircle);

    /// <inheritdoc cref="HeldOutReal"/>
    public static LineLook HeldOutGenerated { get; } = new(Color.FromHex("#D55E00"), DashDot, MarkerShape.OpenSquare);

    /// <inheritdoc cref="HeldOutReal"/>
    public static LineLook HeldOutRejected { get; } = new(Color.FromHex("#707070"), DashDot, MarkerShape.FilledTriangleDown);

    /// <inheritdoc cref="HeldOutReal"/>
    public static LineLook HeldOutPairs { get; } = new(Color.FromHex("#009E73"), Solid, MarkerShape.OpenDiamond);

    /// <summary>Pairs that a discriminator learns from.</summary>
    public static LineLook TrainingPairs { get; } = new(Color.FromHex("#009E73"), Dashes, MarkerShape.FilledDiamond);

    /// <summary>Simple judges of held-out pairs.</summary>
    public static LineLook BagOfWords { get; } = new(Color.FromHex("#CC79A7"), Dashes, MarkerShape.OpenTriangleDown);

    /// <inheritdoc cref="BagOfWords"/>
    public static LineLook Length { get; } = new(Color.FromHex("#A89A00"), Dots, MarkerShape.Cross);

    /// <summary>The n-th of the curves that others have published, from 0: grey.</summary>
    public static LineLook Published(int index) =>
        new(Color.FromHex("#808080"), new[] { Dashes, Dots, DashDot }[index % 3], MarkerShape.None);

    /// <summary>
    /// The look of the n-th series, from 0. After eight the colours come again with other dashes and markers; after 32 all repeats.
    /// </summary>
    public static LineLook Of(int index)
    {
        var (hex, pattern, _) = Order[index % Order.Length];
        var turn = index / Order.Length;
        return new(Color.FromHex(hex), Patterns[(Array.IndexOf(Patterns, pattern) + turn) % Patterns.Length],
            Order[(index + 3 * turn) % Order.Length].Marker);
    }
}
