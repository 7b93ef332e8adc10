using CsCheck;

namespace TextGan.Tests.Fuzzing;

/// <summary>
/// Feeds inputs and holds the program to its promise: each works or is refused with words and a place, within ten seconds of
/// processor time and two gigabytes. Inputs follow from their number, so that one that failed is found again.
/// </summary>
static class Trial
{
    static readonly TimeSpan longest = TimeSpan.FromSeconds(10);
    const long MostMemory = 2L << 30;

    /// <summary>
    /// Whether an input worked, by number and value; what is thrown by <paramref name="use"/> other than a refusal fails the test.
    /// </summary>
    /// <returns>How many worked and how many were refused.</returns>
    public static (int Worked, int Refused) Run<T>(Gen<T> inputs, int count, Action<T> use, Func<T, string>? show = null)
    {
        var (worked, refused) = (0, 0);
        using var memory = new PeakMemory();
        for (var number = 0; number < count; number++)
        {
            var input = inputs.Generate(new PCG(1, (ulong)number), null, out _);
            var clock = new ProcessorClock();
            var said = "";
            try
            {
                use(input);
                worked++;
            }
            catch (InvalidInputException refusal)
            {
                refused++;
                said = refusal.Message;
                CheckWords(refusal, $"input {number}");
            }
            catch (Exception other) when (other is not (AssertionException or SuccessException or IgnoreException))
            {
                Assert.Fail($"Input {number} ({Shown(input, show)}): {other}");
            }
            Assert.That(clock.Elapsed, Is.LessThan(longest), $"input {number} ({Shown(input, show)}): {said}");
        }
        Assert.That(memory.Growth, Is.LessThan(MostMemory));
        TestContext.Out.WriteLine($"{worked} worked, {refused} refused, memory grew by {memory.Growth >> 20} MB");
        return (worked, refused);
    }

    /// <summary>A refusal has a place and a sentence, and shows nothing of the program's inside.</summary>
    public static void CheckWords(InvalidInputException refusal, string input)
    {
        Assert.That(refusal.Problems, Is.Not.Empty, input);
        foreach (var problem in refusal.Problems)
        {
            Assert.That(problem.Place, Is.Not.Empty, input);
            Assert.That(problem.Message, Is.Not.Empty.And.Not.Contains("   at ").And.Not.Contains("Object reference")
                .And.Not.Contains("Exception"), input);
            Assert.That(problem.Message, Has.Length.LessThan(4000), $"{input}: {problem.Message[..Math.Min(600, problem.Message.Length)]}");
        }
    }

    static string Shown<T>(T input, Func<T, string>? show)
    {
        var text = show is not null ? show(input) : input is byte[] bytes ? Convert.ToBase64String(bytes) : input?.ToString() ?? "";
        return text.Length <= 3000 ? text : text[..3000] + "…";
    }
}
