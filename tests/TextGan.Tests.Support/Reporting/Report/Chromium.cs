using Microsoft.Playwright;

namespace TextGan.Tests.Reporting.Report;

/// <summary>A Chromium without a window, in which pages are opened from disk.</summary>
sealed class Chromium : IDisposable
{
    static readonly string[] UsualPaths =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", @"C:\Program Files\Google\Chrome\Application\chrome.exe",
    ];

    readonly IPlaywright playwright;
    readonly IBrowser browser;

    Chromium(IPlaywright playwright, IBrowser browser) => (this.playwright, this.browser) = (playwright, browser);

    /// <summary>Starts it; the test is skipped where there is none.</summary>
    public static async Task<Chromium> Start()
    {
        if (UsualPaths.FirstOrDefault(File.Exists) is not { } path)
        {
            Assert.Ignore("There is no Chromium at the usual places (Debian: apt-get install chromium).");
            throw new InvalidOperationException();
        }
        var playwright = await Playwright.CreateAsync();
        return new(playwright, await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = path, Args = ["--no-sandbox", "--disable-background-networking", "--disable-gpu"],
        }));
    }

    /// <summary>Opens a page from disk, and notes what it asks for and what goes wrong in it.</summary>
    public async Task<OpenPage> Open(string file, string section = "summary", ColorScheme scheme = ColorScheme.Light, int width = 1280,
        int height = 900)
    {
        var page = await browser.NewPageAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = height } });
        var open = new OpenPage(page);
        await page.GotoAsync($"{new Uri(file)}#{section}");
        return open;
    }

    public void Dispose()
    {
        browser.DisposeAsync().AsTask().GetAwaiter().GetResult();
        playwright.Dispose();
    }
}

/// <summary>An open page.</summary>
sealed class OpenPage : IAsyncDisposable
{
    public OpenPage(IPage page)
    {
        Page = page;
        page.Request += (_, request) => Requests.Add(request.Url);
        page.RequestFinished += (_, request) => Finished.Add(request.Url);
        page.PageError += (_, error) => Errors.Add(error);
        page.Console += (_, message) =>
        {
            // not the browser's advice about performance
            if (message.Type == "error") Errors.Add(message.Text);
        };
        page.Dialog += (_, dialog) =>
        {
            Errors.Add($"dialog: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
    }

    public IPage Page { get; }

    /// <summary>Addresses that it asked for; its own file comes first.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Those of them that were answered.</summary>
    public List<string> Finished { get; } = [];

    /// <summary>Exceptions, dialogs and errors in the console, of which a page that is well has none.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>The value of an expression of JavaScript.</summary>
    public Task<T> Value<T>(string expression) => Page.EvaluateAsync<T>(expression);

    /// <summary>
    /// Waits until an expression of JavaScript is true. (Playwright's own waiting needs 'eval', which the page's policy forbids.)
    /// </summary>
    public async Task Until(string expression)
    {
        for (var tries = 0; !await Value<bool>(expression); tries++)
        {
            Assert.That(tries, Is.LessThan(1000), expression);
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync() => await Page.CloseAsync();
}
