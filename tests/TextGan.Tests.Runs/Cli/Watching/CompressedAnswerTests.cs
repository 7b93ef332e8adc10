using System.IO.Compression;
using TextGan.Tests.Reporting.Report;

namespace TextGan.Tests.Cli.Watching;

/// <summary>All data of all runs are sent at each change: compressed where the browser can read that.</summary>
public sealed class CompressedAnswerTests
{
    [TestCase("gzip"), TestCase("deflate, gzip;q=0.5, br"), TestCase("GZIP")]
    public async Task Page_and_data_are_compressed_for_clients_that_accept_gzip(string accepted)
    {
        using var place = Place();
        foreach (var path in (string[])["/", "/data"])
        {
            var plain = await (await place.Ask(path)).Content.ReadAsByteArrayAsync();
            var answer = await place.Ask(path, null, ("Accept-Encoding", accepted));
            var sent = await answer.Content.ReadAsByteArrayAsync();
            Assert.That(answer.Content.Headers.ContentEncoding, Is.EqualTo(new[] { "gzip" }));
            Assert.That(answer.Content.Headers.ContentLength, Is.EqualTo(sent.Length));
            Assert.That(answer.Headers.Vary, Is.EqualTo(new[] { "Accept-Encoding" }));
            Assert.That(sent, Has.Length.LessThan(plain.Length));
            var read = new MemoryStream();
            new GZipStream(new MemoryStream(sent), CompressionMode.Decompress).CopyTo(read);
            Assert.That(read.ToArray(), Is.EqualTo(plain));
        }
    }

    [TestCase("/data", ""), TestCase("/data", "br"), TestCase("/data", "gzip;q=0"), TestCase("/data", ";;="), TestCase("/state", "gzip")]
    public async Task Other_clients_and_short_answers_get_plain_content(string path, string accepted)
    {
        using var place = Place();
        var answer = await place.Raw($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: {accepted}\r\nConnection: close\r\n\r\n");
        Assert.That(answer, Does.Not.Contain("Content-Encoding").And.EndWith("}"));
    }

    static WatchPlace Place()
    {
        var place = new WatchPlace();
        ReportRuns.Small("first", 1).Write(place.Runs);
        return place;
    }
}
