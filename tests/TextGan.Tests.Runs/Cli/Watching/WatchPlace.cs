using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using TextGan.Cli;
using TextGan.Cli.Watching;

namespace TextGan.Tests.Cli.Watching;

/// <summary>A folder of runs that is served on a free port, within the test's process.</summary>
sealed class WatchPlace : IDisposable
{
    readonly Workplace? own;
    readonly string folder;
    readonly HttpClient client = new(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false });

    /// <param name="token">What the server asks for.</param>
    /// <param name="patience">How long it waits for headers.</param>
    /// <param name="of">The folder that has the runs; null for one of its own.</param>
    public WatchPlace(WatchToken? token = null, TimeSpan? patience = null, string? of = null)
    {
        own = of is null ? new Workplace() : null;
        folder = of ?? own!.Folder;
        Directory.CreateDirectory(Runs);
        var terminal = new Terminal(TextWriter.Null, TextWriter.Null, Time, folder);
        Server = WatchServer.Start(
            new WatchedRuns(new WatchedFolders(["runs"], terminal).Runs, Time), WatchAddress.Of("127.0.0.1", 0), token, patience);
    }

    public string Runs => At("runs");

    /// <summary>By which the server decides when it looks at folders again.</summary>
    public ManualTime Time { get; } = new();

    public WatchServer Server { get; }

    public int Port => Server.Address.Port;

    public string At(params string[] parts) => Path.Combine([folder, .. parts]);

    public Task<HttpResponseMessage> Ask(string path, HttpMethod? method = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Get, $"http://127.0.0.1:{Port}{path}");
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return client.SendAsync(request);
    }

    public async Task<JsonElement> Json(string path)
    {
        var answer = await Ask(path);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        return JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync());
    }

    /// <summary>The state once a look that is due has been taken.</summary>
    public async Task<(string State, string[] Problems)> Next()
    {
        await Json("/state");
        Time.Advance(WatchedRuns.Pace);
        var before = await Json("/state"); // takes the look, and does not wait for it
        for (var tries = 0; tries < 40; tries++) // what has changed is found within a moment
        {
            await Task.Delay(25);
            Time.Advance(WatchedRuns.Pace);
            var now = await Json("/state");
            if (now.GetRawText() != before.GetRawText()) return Of(now);
        }
        return Of(before);

        static (string, string[]) Of(JsonElement state) => (state.GetProperty("state").GetString()!,
            [.. state.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()!)]);
    }

    /// <summary>What comes back for these very bytes until the server closes the connection, or for so long.</summary>
    public async Task<string> Raw(string request, double seconds = 20)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        var stream = socket.GetStream();
        var answer = new MemoryStream();
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
            await stream.CopyToAsync(answer, end.Token);
        }
        catch (IOException)
        {
            // The server has closed the connection while the request was still sent.
        }
        return Encoding.UTF8.GetString(answer.ToArray());
    }

    public void Dispose()
    {
        client.Dispose();
        Server.Dispose();
        own?.Dispose();
    }
}
