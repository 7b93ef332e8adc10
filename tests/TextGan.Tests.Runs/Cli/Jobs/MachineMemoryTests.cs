using TextGan.Cli.Jobs;

namespace TextGan.Tests.Cli.Jobs;

public class MachineMemoryTests
{
    /// <summary>Two processes that want 10 each; one of them holds 4 of it, the other 12 already.</summary>
    static readonly (long, long)[] Running = [(10, 4), (10, 12)];

    [TestCase(5, 27, 11, true, TestName = "Room for what it needs, and for what the first may still take")]
    [TestCase(5, 26, 11, false, TestName = "The limit leaves 4 beside 10 and 12")]
    [TestCase(5, 27, 10, false, TestName = "Of 10 that are free, the first may still take 6")]
    public void Has_room(long needed, long limit, long free, bool expected) =>
        Assert.That(MachineMemory.HasRoom(needed, Running, limit, free), Is.EqualTo(expected));

    [Test]
    public void The_machine_has_some() => Assert.That(MachineMemory.Free, Is.InRange(1, MachineMemory.Limit));
}
