using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using TextGan.Tests.Reporting.Report;

namespace TextGan.Tests.Cli.Watching;

/// <summary>The command: what it rejects, and the real program until it is interrupted.</summary>
public sealed class WatchCommandTests
{
    static CommandRun Watch(Workplace place, params string[] arguments) => CommandRun.In(place.Folder, null, ["watch", .. arguments]);

    [Test]
    public void What_cannot_be_watched_is_bad_input()
    {
        using var place = new Workplace();
        ReportRuns.Small("first", 1).Write(place.At("runs"));
        ReportRuns.Small("first", 1).Write(place.At("others"));
        Assert.That(Watch(place, "nowhere", "experiments.json"), Is.EqualTo(new CommandRun(2, "",
            "nowhere: does not exist; name a folder of runs.\nexperiments.json: is a file; name a folder of runs.\n")));
        Assert.That(Watch(place, "runs", "others"), Is.EqualTo(
            new CommandRun(2, "", "RUN: 'first' is given twice with seed 1; name one of them.\n")));
        Assert.That(Watch(place, "runs", "--port", "65536"), Is.EqualTo(
            new CommandRun(2, "", "--port: 65536 is no port; name one up to 65535, or 0 for one that is free.\n")));
        foreach (var address in (string[])["here", "1", "127.1", "127.0.0.1:80", "", "http://127.0.0.1"])
            Assert.That(Watch(place, "runs", "--bind", address), Is.EqualTo(new CommandRun(2, "",
                $"--bind: '{address}' is not an address such as 127.0.0.1, ::1, or 0.0.0.0 for all addresses of this machine.\n")));
        Assert.That(Watch(place, "runs", "--bind", "192.0.2.7"), Is.EqualTo(
            new CommandRun(2, "", "--bind: 192.0.2.7 is not an address of this machine.\n")), "an address of documentation");
        Assert.That(Watch(place, "runs", "--token", "short").Error, Does.StartWith("--token: a token has 16 to 200 letters"));
        Assert.That(Watch(place, "runs", "--port", "eighty").Code, Is.EqualTo(2));
    }

    [Test]
    public void A_port_in_use_is_bad_input()
    {
        using var place = new Workplace();
        Directory.CreateDirectory(place.At("runs"));
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        Assert.That(Watch(place, "--port", $"{port}"), Is.EqualTo(
            new CommandRun(2, "", $"--port: {port} is in use; name another one, or 0 for one that is free.\n")));
    }

    [TestCase("SIGINT"), TestCase("SIGTERM"), Platform("Linux,MacOsX")]
    public async Task A_signal_ends_it_and_that_is_no_failure(string signal)
    {
        using var place = new Workplace();
        ReportRuns.Small("first", 1).Write(place.At("runs"));
        using var process = Start(place, "--port", "0");
        var said = await process.StandardOutput.ReadLineAsync();
        Assert.That(said, Does.Match(@"^http://127\.0\.0\.1:\d+/ shows runs while they train\. Ctrl\+C ends it\.$"));
        using var client = new HttpClient();
        Assert.That(await client.GetStringAsync(said!.Split(' ')[0]), Does.Contain("<title>first</title>"));
        using var kill = Process.Start("kill", ["-s", signal[3..], $"{process.Id}"]);
        Assert.That(process.WaitForExit(60_000));
        Assert.That((process.ExitCode, await process.StandardError.ReadToEndAsync(), await process.StandardOutput.ReadToEndAsync()),
            Is.EqualTo((0, "", "")));
    }

    /// <summary>Bound to all addresses it asks for a token, which stands in the address that it prints, and nowhere else.</summary>
    [Test, Platform("Linux,MacOsX")]
    public async Task On_a_network_it_asks_for_a_token()
    {
        using var place = new Workplace();
        ReportRuns.Small("first", 1).Write(place.At("runs"));
        using var process = Start(place, "--port", "0", "--bind", "0.0.0.0");
        var said = (await process.StandardOutput.ReadLineAsync())!.Split(' ')[0];
        var (port, token) = (new Uri(said).Port, said.Split("?token=")[1]);
        Assert.That(token, Has.Length.EqualTo(32));
        using var client = new HttpClient();
        Assert.That((await client.GetAsync($"http://127.0.0.1:{port}/data")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await client.GetStringAsync($"http://127.0.0.1:{port}/data?token={token}"), Does.Contain("first"));
        using var kill = Process.Start("kill", ["-s", "INT", $"{process.Id}"]);
        Assert.That(process.WaitForExit(60_000));
        Assert.That(await process.StandardError.ReadToEndAsync(),
            Does.StartWith("warning: the connection is not encrypted").And.Not.Contain(token));
        Assert.That((process.ExitCode, await process.StandardOutput.ReadToEndAsync()), Is.EqualTo((0, "")));
    }

    static Process Start(Workplace place, params string[] arguments) => Process.Start(new ProcessStartInfo("dotnet",
        [Path.Combine(AppContext.BaseDirectory, "textgan-cli.dll"), "watch", .. arguments])
        {
            WorkingDirectory = place.Folder, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
}
