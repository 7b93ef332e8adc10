using System.Security.Cryptography;
using System.Text;
using TextGan.Storage;

namespace TextGan.Tests.Storage;

public sealed class ContentHashesTests : FileTests
{
    readonly List<string> messages = [];

    sealed class Later : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow.AddMinutes(1);
    }

    string Memory => files.PathOf("runs/.checksums.json");

    ContentHashes Hashes(TimeProvider? clock = null) => new(Memory, messages.Add, clock ?? new Later());

    /// <summary>One byte more than what is hashed each time; a hole in the file, so that it costs no disk.</summary>
    string Large(string name = "large")
    {
        using var file = File.Create(files.PathOf(name));
        file.SetLength(ContentHashes.LargestUnremembered + 1);
        return file.Name;
    }

    /// <summary>Writes one byte in the midst of a file and sets the time of its modification back.</summary>
    static void ChangeInSecret(string path, byte value)
    {
        var before = File.GetLastWriteTimeUtc(path);
        using (var file = File.OpenWrite(path))
        {
            file.Position = file.Length / 2;
            file.WriteByte(value);
        }
        File.SetLastWriteTimeUtc(path, before);
    }

    // sha256sum of "abc": FIPS 180-2, appendix B.1.
    [Test]
    public void A_files_hash_is_that_of_its_bytes() =>
        Assert.That(Hashes().Of(files.Write("a", "abc")), Is.EqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));

    [Test]
    public void A_small_file_is_read_each_time()
    {
        var (path, hashes) = (files.Write("a", "abc"), Hashes());
        var first = hashes.Of(path);
        ChangeInSecret(path, (byte)'x');
        Assert.That(hashes.Of(path), Is.Not.EqualTo(first));
        Assert.That(File.Exists(Memory), Is.False);
    }

    [Test]
    public void A_large_file_is_read_once_by_all_commands_and_again_when_it_has_changed()
    {
        var path = Large();
        var first = Hashes().Of(path);
        Assert.That(Hashes().Of(path), Is.EqualTo(first));
        Assert.That(messages, Is.EqualTo(new[] { $"reading {path} (0.1 GB) for its checksum" }));
        ChangeInSecret(path, 1);
        Assert.That(Hashes().Of(path), Is.Not.EqualTo(first), "the time of change cannot be set back");
        Assert.That(messages, Has.Count.EqualTo(2));
        ChangeInSecret(path, 0);
        Assert.That(Hashes().Of(path), Is.EqualTo(first));
    }

    [Test]
    public void What_was_written_just_now_is_not_remembered()
    {
        var path = Large();
        Hashes(TimeProvider.System).Of(path);
        Hashes(TimeProvider.System).Of(path);
        Assert.That(messages, Has.Count.EqualTo(2));
    }

    [TestCase("{")]
    [TestCase("null")]
    [TestCase("[1]")]
    [TestCase("{\"PATH\":null}")]
    [TestCase("{\"PATH\":{\"Stamp\":{\"Size\":1},\"Hash\":\"made up\"}}")]
    public void A_damaged_memory_costs_a_reading(string text)
    {
        var path = Large();
        var first = Hashes().Of(path);
        File.WriteAllText(Memory,
            text.Replace("PATH", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path))), StringComparison.Ordinal));
        Assert.That(Hashes().Of(path), Is.EqualTo(first));
        Assert.That(messages, Has.Count.EqualTo(2));
        Hashes().Of(path);
        Assert.That(messages, Has.Count.EqualTo(2), "it is whole again");
    }

    [Test]
    public void A_folder_is_what_its_files_are_and_are_called()
    {
        string Folder(params (string Name, string Text)[] entries)
        {
            var folder = files.PathOf(Guid.NewGuid().ToString("N"));
            foreach (var (name, text) in entries)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
                File.WriteAllText(Path.Combine(folder, name), text);
            }
            return Hashes().Of(folder);
        }
        var first = Folder(("a", "1"), ("b/c", "2"));
        Assert.That(Folder(("b/c", "2"), ("a", "1")), Is.EqualTo(first));
        Assert.That(new[] { Folder(("a", "1"), ("b/c", "3")), Folder(("a", "1"), ("b/d", "2")), Folder(("a", "1")),
            Folder(("a", "2"), ("b/c", "1")) }, Has.None.EqualTo(first));
    }

    [TestCase("/dev/zero", "is not a regular file. A run can read regular files only, so that it can read them again and recognise them.")]
    [TestCase("/nowhere", "The file does not exist.")]
    public void What_cannot_be_read_is_named(string path, string problem)
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("needs /dev/zero");
        Assert.That(() => Hashes().Of(path), Throws.TypeOf<InvalidInputException>().With.Message.EqualTo($"{path}: {problem}"));
    }
}
