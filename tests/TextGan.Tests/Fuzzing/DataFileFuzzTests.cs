using System.IO.Compression;
using System.Text;
using CsCheck;
using TextGan.Data;

namespace TextGan.Tests.Fuzzing;

/// <summary>Damaged data files of every form.</summary>
public class DataFileFuzzTests
{
    static readonly string texts = string.Concat(Enumerable.Range(0, 30).Select(i => $"line {i} says ünïcödé 漢字\n"));

    static readonly string pairs = string.Concat(Enumerable.Range(0, 12).Select(i =>
        $$"""{"chosen":"\n\nHuman: a {{i}}?\n\nAssistant: yes \u00fc","rejected":"\n\nHuman: a {{i}}?\n\nAssistant: no","prompt":null""" +
        $$""","extra":[1,{"a":{{i}}}]}""" + "\n"));

    static byte[][] Forms(string text) =>
    [
        Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")), Encoding.UTF8.GetBytes(text.TrimEnd('\n')),
            [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)],
        TemporaryFiles.Gzip(Encoding.UTF8.GetBytes(text)),
            [.. TemporaryFiles.Gzip(Encoding.UTF8.GetBytes(text)), .. TemporaryFiles.Gzip(Encoding.UTF8.GetBytes(text))],
        Encoding.Unicode.GetBytes(text), Encoding.UTF8.GetBytes(text.Replace('\n', '\r')), [],
    ];

    static void Load(DataOptions options, string folder)
    {
        var set = options.Load(new DataContext("set", folder, 16));
        Assert.That(set.Train.Texts, Is.Not.Empty);
        foreach (var text in set.Train.Texts) Assert.That(text, Is.Not.Empty);
    }

    [TestCase(300), TestCase(1500, Category = "Long")]
    public void Texts(int count)
    {
        using var files = new TemporaryFiles();
        var inputs = Gen.Select(Mutation.Of(Forms(texts)), Gen.Bool, Gen.Bool, Gen.Int[1, 60]);
        var (worked, refused) = Trial.Run(inputs, count, input =>
        {
            files.Write("texts", input.Item1);
            Load(new TextDataOptions { Path = "texts", OnError = input.Item2 ? MalformedLines.Skip
                : MalformedLines.Fail, HeldOut = input.Item3 ? 0.3 : 0, MaximumLineLength = input.Item4 }, files.Folder);
        }, input => Convert.ToBase64String(input.Item1));
        Assert.That(Math.Min(worked, refused), Is.GreaterThan(count / 20));
    }

    [TestCase(300), TestCase(1500, Category = "Long")]
    public void Preferences(int count)
    {
        using var files = new TemporaryFiles();
        var inputs = Gen.Select(Mutation.Of(Forms(pairs), "\"chosen\":", "\\n\\nAssistant:", "\\n\\nHuman:"), Gen.Bool, Gen.Bool);
        var (worked, refused) = Trial.Run(inputs, count, input =>
        {
            files.Write("pairs", input.Item1);
            Load(new PreferenceDataOptions { Path = "pairs", OnError = input.Item2 ? MalformedLines.Skip
                : MalformedLines.Fail, Part = input.Item3 ? PreferencePart.Dialogue : PreferencePart.LastReply }, files.Folder);
        }, input => Convert.ToBase64String(input.Item1));
        Assert.That(Math.Min(worked, refused), Is.GreaterThan(count / 20));
    }

    /// <summary>Whole gzip members of one gigabyte in one to six megabytes: of nothing, of one line, of many short lines.</summary>
    [TestCase("\0"), TestCase("a"), TestCase("a\n", Category = "Long"), TestCase("\n", Category = "Long")]
    [TestCase("{\"chosen\":\"a\",\"rejected\":\"b\"}\n")]
    public void Bombs(string unit)
    {
        using var files = new TemporaryFiles();
        var block = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(unit, (1 << 20) / unit.Length)));
        using (var file = File.Create(files.PathOf("bomb")))
        using (var gzip = new GZipStream(file, CompressionLevel.Optimal))
            for (var i = 0; i < 1024; i++) gzip.Write(block);
        Assert.That(new FileInfo(files.PathOf("bomb")).Length, Is.LessThan(6 << 20));
        foreach (var options in (DataOptions[])[new TextDataOptions { Path = "bomb" }, new PreferenceDataOptions { Path = "bomb" },
            new TextDataOptions { Path = "bomb", OnError = MalformedLines.Skip }])
        {
            var (worked, _) = Trial.Run(Gen.Const(options), 1, one => Load(one, files.Folder));
            Assert.That(worked, Is.Zero);
        }
    }

    [Test]
    public void Lines_of_100_MB()
    {
        using var files = new TemporaryFiles();
        var line = new byte[100_000_000];
        Array.Fill(line, (byte)'x');
        files.Write("long", [.. "short\n"u8, .. line]);
        Assert.That(() => Load(new TextDataOptions { Path = "long" }, files.Folder),
            Throws.TypeOf<InvalidInputException>().With.Message.EndsWith("long:2: The line is longer than 1,000,000 characters."));
        Trial.Run(Gen.Const(0), 1, _ => Load(new TextDataOptions { Path = "long", MaximumLineLength = 100_000_000 }, files.Folder));
        Trial.Run(Gen.Const(0), 1, _ => Load(new PreferenceDataOptions { Path = "long", MaximumLineLength = 100_000_000 }, files.Folder));
        files.Write("long", [.. "{\"chosen\":\""u8, .. line.AsSpan(0, 99_000_000), .. "\",\"rejected\":\"b\"}"u8]);
        Trial.Run(Gen.Const(0), 1, _ => Load(new PreferenceDataOptions { Path = "long", MaximumLineLength = 100_000_000 }, files.Folder));
        Array.Fill(line, (byte)'[');
        files.Write("long", line);
        Trial.Run(Gen.Const(0), 1, _ => Load(new PreferenceDataOptions { Path = "long", MaximumLineLength = 100_000_000 }, files.Folder));
    }

    [Test]
    public void Files_that_are_none()
    {
        using var files = new TemporaryFiles();
        string[] paths = OperatingSystem.IsLinux()
            ? [files.Folder, "/dev/zero", "/dev/null", "/proc/self/mem", "nowhere", "a\0b", new string('x', 5000), "", " "]
            : [files.Folder, "nowhere", "a\0b"];
        var (worked, _) = Trial.Run(Gen.Int[0, paths.Length - 1].Select(index => paths[index]), 40, path =>
            Load(new TextDataOptions { Path = path }, files.Folder));
        Assert.That(worked, Is.Zero);
    }
}
