namespace TextGan.Data;

/// <summary>
/// Which of many items are held out, decided one after another without a list of them: selection sampling (Knuth, The Art of Computer
/// Programming, volume 2, 3.4.2, algorithm S). Exactly <paramref name="HeldOut"/> of <paramref name="Total"/> are picked, each set
/// of that size with equal probability, and each walk picks the same.
/// </summary>
internal sealed record HeldOutPick(int Total, int HeldOut, int Seed)
{
    /// <summary>For each item in order, whether it is held out.</summary>
    public IEnumerable<bool> Walk()
    {
        var random = new SeededRandom(Seed, "held out"); // neighbouring seeds of System.Random pick alike
        var wanted = HeldOut;
        for (var left = Total; left > 0; left--)
        {
            var picked = wanted > 0 && random.NextDouble() * left < wanted;
            if (picked) wanted--;
            yield return picked;
        }
    }
}
