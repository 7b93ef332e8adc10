using Microsoft.Playwright;
using TextGan.Reporting.Report;

namespace TextGan.Tests.Reporting.Report;

/// <summary>A report in a real browser.</summary>
[Category("Browser")]
public abstract class ReportBrowserTests : IDisposable
{
    private protected TemporaryFiles Files { get; } = new();

    private protected Chromium Browser { get; private set; } = null!;

    /// <summary>The report of <see cref="ReportRuns"/>.</summary>
    private protected string Report { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        Browser = await Chromium.Start();
        Report = RunReport.Write(ReportRuns.Write(Files.PathOf("runs")), Files.PathOf("report.html"))!.File;
    }

    public void Dispose()
    {
        Browser?.Dispose();
        Files.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Pixels of an experiment's colour in the first chart.</summary>
    private protected static Task<int> Pixels(OpenPage open, int experiment) => PixelsOf(open, $"colorOf({experiment})");

    /// <summary>Pixels of a colour ("#rrggbb") in the first chart, antialiased ones not counted.</summary>
    private protected static Task<int> PixelsOf(OpenPage open, string color) => open.Value<int>($$"""
        (() => {
            const canvas = document.querySelector("#panel-curves canvas"), color = {{color}};
            const [r, g, b] = [1, 3, 5].map(at => parseInt(color.slice(at, at + 2), 16));
            const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
            let count = 0;
            for (let i = 0; i < pixels.length; i += 4)
                if (pixels[i + 3] > 200
                    && Math.abs(pixels[i] - r) + Math.abs(pixels[i + 1] - g) + Math.abs(pixels[i + 2] - b) < 12) count++;
            return count;
        })()
        """);

    private protected async Task<OpenPage> WithCurves(string? file = null, ColorScheme scheme = ColorScheme.Light)
    {
        var open = await Browser.Open(file ?? Report, "curves", scheme);
        await open.Until("curves.charts.length > 0 && curves.charts.length === curves.chosen.length");
        return open;
    }
}
