using System.Net;
using TextGan.Cli.Watching;
using TextGan.Tests.Reporting.Report;

namespace TextGan.Tests.Cli.Watching;

/// <summary>Who may read where a token is asked for, and by which names a machine is known.</summary>
public sealed class WatchTokenTests
{
    const string Token = "a-token-of-23-letters_1";

    static WatchPlace Place()
    {
        var place = new WatchPlace(WatchToken.Of(Token));
        ReportRuns.Small("first", 1).Write(place.Runs);
        return place;
    }

    static async Task<(HttpStatusCode, bool HasRuns)> Answer(
        WatchPlace place, string path, params (string Name, string Value)[] headers)
    {
        var answer = await place.Ask(path, null, headers);
        return (answer.StatusCode, (await answer.Content.ReadAsStringAsync()).Contains("first", StringComparison.Ordinal));
    }

    [TestCase("/data"), TestCase("/"), TestCase("/state"), TestCase("/nothing"), TestCase("/data?token="), TestCase("/data?token=x")]
    [TestCase("/data?token=a-token-of-23-letters_2"), TestCase("/data?token=a-token-of-23-letters_"), TestCase("/data?Token=")]
    [TestCase("/data?token=A-TOKEN-OF-23-LETTERS_1"), TestCase("/data?token=a-token-of-23-letters_1&token=x")]
    public async Task Without_the_token_nothing_is_told(string path)
    {
        using var place = Place();
        Assert.That(await Answer(place, path), Is.EqualTo((HttpStatusCode.Unauthorized, false)));
    }

    [Test]
    public async Task The_token_is_in_the_address_once_and_in_a_cookie_then()
    {
        using var place = Place();
        Assert.That(await Answer(place, $"/data?token={Token}"), Is.EqualTo((HttpStatusCode.OK, true)), "for programs");
        var first = await place.Ask($"/?token={Token}");
        Assert.That((first.StatusCode, first.Headers.Location!.OriginalString), Is.EqualTo((HttpStatusCode.SeeOther, "/")));
        var cookie = first.Headers.GetValues("Set-Cookie").Single();
        Assert.That(cookie, Does.Match("^textgan-[0-9A-F]{8}=" + Token + "; path=/; samesite=lax; httponly$"));
        var pair = cookie.Split(';')[0];
        Assert.That(await Answer(place, "/", ("Cookie", "other=1; " + pair)), Is.EqualTo((HttpStatusCode.OK, true)));
        Assert.That(await Answer(place, "/data", ("Cookie", pair)), Is.EqualTo((HttpStatusCode.OK, true)));
        Assert.That(await Answer(place, "/data", ("Cookie", pair[..^1])), Is.EqualTo((HttpStatusCode.Unauthorized, false)));
        Assert.That(await Answer(place, "/data", ("Cookie", $"token={Token}")), Is.EqualTo((HttpStatusCode.Unauthorized, false)));
    }

    [Test]
    public void A_token_is_drawn_or_long_enough()
    {
        var drawn = WatchToken.Of("auto");
        Assert.That(drawn.Text, Does.Match("^[A-Za-z0-9_-]{32}$"), "24 bytes in base 64");
        Assert.That(WatchToken.Of("auto").Text, Is.Not.EqualTo(drawn.Text));
        Assert.That((drawn.Is(drawn.Text), drawn.Is(null), drawn.Is("")), Is.EqualTo((true, false, false)));
        foreach (var bad in (string[])
            ["", "short", "fifteen-letters", "sixteen letters!", "ünïcödé-and-long-enough", "two-lines-of-it\nand", "a-line-and-its-end\n"])
            Assert.That(Assert.Throws<InvalidInputException>(() => WatchToken.Of(bad))!.Message, Is.EqualTo(
                "--token: a token has 16 to 200 letters, digits, '-' and '_'; 'auto' draws one."), bad);
    }

    [TestCase("127.0.0.1", "http://127.0.0.1:8421/"), TestCase("localhost", "http://127.0.0.1:8421/")]
    [TestCase("::1", "http://[::1]:8421/"), TestCase("192.0.2.7", "http://192.0.2.7:8421/")]
    public void An_address_is_one_for_a_browser(string bind, string url) =>
        Assert.That(WatchAddress.Of(bind, 8421).Url(null), Is.EqualTo(url));

    [Test]
    public void All_addresses_are_shown_as_the_machine_with_the_token() => Assert.That(
        WatchAddress.Of("0.0.0.0", 8421).Url(WatchToken.Of(Token)), Is.EqualTo($"http://{Environment.MachineName}:8421/?token={Token}"));

    [Test]
    public void A_machine_on_a_network_has_any_name_and_loopback_its_own()
    {
        var network = WatchAddress.Of("192.0.2.7", 8421);
        Assert.That(((string[])["192.0.2.7", "gpu01.cs.example", "localhost"]).Select(network.IsNamed), Is.All.True);
        var local = WatchAddress.Of("127.0.0.1", 8421);
        Assert.That(((string[])["localhost", "127.0.0.1", "127.1.2.3", "[::1]"]).Select(local.IsNamed), Is.All.True);
        Assert.That(((string[])["192.0.2.8", "evil.example", "", "localhost.evil.example", "machine"]).Select(local.IsNamed), Is.All.False);
        Assert.That(((string[])["127.0.0.1", "127.1.2.3", "::1", "localhost"]).Select(text => WatchAddress.Of(text, 0).IsLocal),
            Is.All.True);
        Assert.That(((string[])["0.0.0.0", "::", "192.0.2.7", "fe80::1"]).Select(text => WatchAddress.Of(text, 0).IsLocal), Is.All.False);
    }
}
