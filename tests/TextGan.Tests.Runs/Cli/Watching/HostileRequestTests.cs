using System.Diagnostics;
using System.Net;
using TextGan.Cli.Watching;
using TextGan.Tests.Reporting.Report;

namespace TextGan.Tests.Cli.Watching;

/// <summary>Requests that want what is not served.</summary>
public sealed class HostileRequestTests
{
    const string Secret = "a-secret-beside-the-runs";

    static WatchPlace Place(WatchToken? token = null, TimeSpan? patience = null)
    {
        var place = new WatchPlace(token, patience);
        var run = ReportRuns.Small("first", 1).Write(place.Runs);
        File.WriteAllText(place.At("secret.txt"), Secret);
        File.WriteAllText(Path.Combine(place.Runs, "secret.txt"), Secret);
        File.WriteAllText(Path.Combine(run, "secret.txt"), Secret);
        return place;
    }

    static string Status(string answer) => answer.Split('\r')[0].Split(' ').ElementAtOrDefault(1) ?? "";

    [TestCase("/secret.txt", "404"), TestCase("/first/1/secret.txt", "404"), TestCase("/first/1/metrics.jsonl", "404")]
    [TestCase("/first/", "404"), TestCase("/../secret.txt", "404"), TestCase("/runs/../../secret.txt", "404")]
    [TestCase("/%2e%2e/secret.txt", "404"), TestCase("/%2E%2E%2Fsecret.txt", "404"), TestCase("/%252e%252e/secret.txt", "404")]
    [TestCase("/..%5csecret.txt", "404"), TestCase(@"/..\secret.txt", "404"), TestCase("/..%c0%afsecret.txt", "404")]
    [TestCase("//secret.txt", "404"), TestCase("/./secret.txt", "404"), TestCase("/state/../secret.txt", "404")]
    [TestCase("/data/", "404"), TestCase("/DATA", "404"), TestCase("/page.js", "404"), TestCase("/favicon.ico", "404")]
    [TestCase("file:///etc/passwd", "404|400"), TestCase("secret.txt", "405"), TestCase("", "400")]
    [TestCase("/secret.txt%00", "400"), TestCase("/\0", "400"), TestCase("/%zz", "404"), TestCase("/%", "404")]
    [TestCase("http://127.0.0.1/secret.txt", "404|400"), TestCase("http://evil.example/", "400"), TestCase("*", "400|404|405")]
    public async Task No_target_leads_to_a_file(string target, string expected)
    {
        using var place = Place();
        var answer = await place.Raw($"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        Assert.That(Status(answer), Does.Match($"^({expected})$"), answer);
        Assert.That(answer, Does.Not.Contain(Secret).And.Not.Contain("root:").And.Not.Contain("\"phase\""));
    }

    [Test]
    public async Task What_is_served_has_no_line_of_a_log_and_no_other_file()
    {
        using var place = Place();
        foreach (var path in (string[])["/", "/data", "/state"])
            Assert.That(await (await place.Ask(path)).Content.ReadAsStringAsync(),
                Does.Not.Contain(Secret).And.Not.Contain("\"phase\":\"").And.Not.Contain(place.At()), path);
    }

    [TestCase("evil.example"), TestCase("evil.example:80"), TestCase("127.0.0.1.evil.example"), TestCase("localhost.evil.example")]
    [TestCase("10.0.0.1"), TestCase("[::2]"), TestCase("0.0.0.0")]
    public async Task Another_host_is_rejected(string host)
    {
        using var place = Place();
        var answer = await place.Raw($"GET /data HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        Assert.That(Status(answer), Is.EqualTo("403"), answer);
        Assert.That(answer, Does.Not.Contain("first"));
    }

    [TestCase("127.0.0.1"), TestCase("localhost:9000"), TestCase("LOCALHOST"), TestCase("[::1]:8421")]
    public async Task Names_of_this_machine_are_accepted_whatever_the_port_of_a_tunnel(string host)
    {
        using var place = Place();
        var answer = await place.Raw($"GET /data HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        Assert.That(Status(answer), Is.EqualTo("200"));
        Assert.That(answer, Does.Contain("first"));
    }

    [TestCase("GET /data HTTP/1.1\r\nConnection: close\r\n\r\n", "400", TestName = "Without_a_host")]
    [TestCase("GET /data HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n", "400", TestName = "With_two_hosts")]
    [TestCase("GET /data HTTP/1.0\r\n\r\n", "403", TestName = "Of_an_old_version_without_a_host")]
    [TestCase("GET /data HTTP/2.0\r\nHost: 127.0.0.1\r\n\r\n", "505|400", TestName = "Of_another_version")]
    [TestCase("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400|505|", TestName = "Of_HTTP_2_without_a_word")]
    [TestCase("hello\r\n\r\n", "400", TestName = "That_are_none")]
    [TestCase("\u0016\u0003\u0001\u0002\0\u0001\0", "400|", TestName = "Of_TLS")]
    [TestCase("GET /data HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\0b\r\n\r\n", "400", TestName = "With_NUL_in_a_header")]
    [TestCase("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400|413",
        TestName = "With_two_lengths")]
    public async Task Requests(string request, string expected)
    {
        using var place = Place();
        var answer = await place.Raw(request + "\r\n\r\n", seconds: 15);
        Assert.That(Status(answer), Does.Match($"^({expected})$"), answer);
        Assert.That(answer, Does.Not.Contain("first"));
        Assert.That((await place.Ask("/state")).StatusCode, Is.EqualTo(HttpStatusCode.OK), "others are served");
    }

    [TestCase("POST"), TestCase("PUT"), TestCase("DELETE"), TestCase("PATCH"), TestCase("OPTIONS"), TestCase("TRACE"), TestCase("PROPFIND")]
    public async Task Nothing_can_be_done_but_read(string method)
    {
        using var place = Place();
        foreach (var path in (string[])["/", "/data", "/nothing"])
        {
            var answer = await place.Ask(path, new HttpMethod(method));
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed), path);
            Assert.That(answer.Content.Headers.Allow, Is.EqualTo(new[] { "GET", "HEAD" }));
        }
    }

    [Test]
    public async Task Content_of_a_request_is_not_read()
    {
        using var place = Place();
        foreach (var length in (string[])["Content-Length: 1000000000", "Transfer-Encoding: chunked"])
        {
            var clock = Stopwatch.StartNew();
            var answer = await place.Raw($"GET /data HTTP/1.1\r\nHost: 127.0.0.1\r\n{length}\r\n\r\n");
            Assert.That(Status(answer), Is.EqualTo("413"), answer);
            Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(15)), "nobody waits for it");
        }
    }

    [TestCase("GET /{0} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 3_000, "414", TestName = "A_long_path")]
    [TestCase("GET /?token={0} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 3_000, "414", TestName = "A_long_query")]
    [TestCase("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: {0}\r\n\r\n", 20_000, "431", TestName = "A_long_header")]
    [TestCase("{0} / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 3_000, "414|400", TestName = "A_long_method")]
    public async Task Is_rejected(string request, int length, string expected)
    {
        using var place = Place();
        var answer = await place.Raw(request.Replace("{0}", new string('x', length)));
        Assert.That(Status(answer), Does.Match($"^({expected})$"), answer);
        Assert.That((await place.Ask("/state")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Many_headers_are_rejected()
    {
        using var place = Place();
        var headers = string.Concat(Enumerable.Range(0, 80).Select(i => $"X{i}: 1\r\n"));
        Assert.That(Status(await place.Raw($"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n")), Is.EqualTo("431"));
    }

    [Test]
    public async Task A_request_that_does_not_come_to_its_end_is_given_up_and_keeps_nobody_waiting()
    {
        using var place = Place(patience: TimeSpan.FromSeconds(1));
        var clock = Stopwatch.StartNew();
        var slow = place.Raw("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: and then");
        Assert.That((await place.Ask("/state")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(Status(await slow), Is.EqualTo("408"));
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(15)));
    }

    [Test]
    public async Task Connections_beyond_a_limit_are_closed_and_come_again()
    {
        using var place = Place(patience: TimeSpan.FromSeconds(1));
        var idle = Enumerable.Range(0, 100).Select(_ => place.Raw("GET /")).ToArray();
        var answers = await Task.WhenAll(idle);
        Assert.That(answers.Count(answer => answer.Length == 0), Is.GreaterThanOrEqualTo(100 - 64), "closed at once");
        Assert.That((await place.Ask("/state")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }
}
