using System.Collections.Concurrent;
using System.Diagnostics;
using TextGan.Native;
using TextGan.Operations.Cpu;
using static TextGan.Native.HeldScalars;
using static TorchSharp.torch;

namespace TextGan.Tests.Native;

public class ThreadTeamTests
{
    int threads;

    [SetUp]
    public void KeepThreads() => threads = get_num_threads();

    [TearDown]
    public void RestoreThreads() => set_num_threads(threads);

    static IDisposable? OnPool(bool dotNets) => dotNets ? ThreadTeam.OnDotNetsPool() : null;

    [Test]
    public void Each_part_runs_once([Values(1, 2, 16)] int team, [Values(0, 1, 2, 7, 16, 100)] int parts, [Values] bool dotNetsPool)
    {
        set_num_threads(team);
        using var _ = OnPool(dotNetsPool);
        var times = new int[parts];
        for (var i = 0; i < 20; i++) ThreadTeam.Run(parts, part => Interlocked.Increment(ref times[part]));
        Assert.That(times, Is.All.EqualTo(20));
    }

    [Test]
    public void Parts_run_on_LibTorchs_threads_and_no_second_runtime_is_loaded()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("LibTorch's threads are shared on Linux.");
        set_num_threads(4);
        using var all = new Barrier(4); // nobody does a second part while another thread has none
        ConcurrentDictionary<int, bool> seen = [];
        void Note(int part)
        {
            seen[Environment.CurrentManagedThreadId] = Thread.CurrentThread.IsThreadPoolThread;
            all.SignalAndWait(TimeSpan.FromSeconds(20));
        }
        ThreadTeam.Run(4, Note);
        Assert.That(ThreadTeam.IsLibTorchs, Is.True);
        Assert.That(seen, Has.Count.EqualTo(4));
        Assert.That(seen.Where(one => one.Key != Environment.CurrentManagedThreadId).Select(one => one.Value), Is.All.False);
        var before = seen.Keys.Order().ToArray();
        ThreadTeam.Run(2, _ => { }); // a smaller loop does not end the others
        ThreadTeam.Run(4, Note);
        Assert.That(seen.Keys.Order(), Is.EqualTo(before));
        using var process = Process.GetCurrentProcess();
        var runtimes = process.Modules.Cast<ProcessModule>().Select(module => module.ModuleName).Distinct()
            .Where(name => name.StartsWith("libgomp", StringComparison.Ordinal) || name.StartsWith("libiomp", StringComparison.Ordinal)
                || name.StartsWith("libomp", StringComparison.Ordinal));
        Assert.That(runtimes.Count(), Is.EqualTo(1));
    }

    [Test]
    public void Failure_of_the_first_part_that_fails_reaches_the_caller_when_all_are_done([Values] bool dotNetsPool)
    {
        set_num_threads(16);
        using var _ = OnPool(dotNetsPool);
        var done = 0;
        void Part(int part)
        {
            Interlocked.Increment(ref done);
            if (part is 3 or 11) throw new InvalidDataException($"part {part}");
        }
        Assert.That(() => ThreadTeam.Run(16, Part), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("part 3"));
        Assert.That(done, Is.EqualTo(16));
        ThreadTeam.Run(16, _ => Interlocked.Increment(ref done)); // the team is whole
        Assert.That(done, Is.EqualTo(32));
    }

    [Test]
    public void Loop_within_a_loop_stays_on_its_thread([Values] bool dotNetsPool)
    {
        set_num_threads(4);
        using var _ = OnPool(dotNetsPool);
        var (sum, strangers) = (0, 0);
        ThreadTeam.Run(4, _ =>
        {
            var own = Environment.CurrentManagedThreadId;
            ThreadTeam.Run(5, part =>
            {
                Interlocked.Add(ref sum, part);
                if (Environment.CurrentManagedThreadId != own) Interlocked.Increment(ref strangers);
            });
        });
        Assert.That((sum, strangers), Is.EqualTo((4 * 10, 0)));
    }

    [Test]
    public void Two_callers_at_once_do_not_disturb_each_other()
    {
        var sums = new long[2];
        Thread[] callers = [.. Enumerable.Range(0, 2).Select(caller => new Thread(() =>
        {
            set_num_threads(4);
            for (var i = 0; i < 200; i++) ThreadTeam.Run(8, part => Interlocked.Add(ref sums[caller], part + caller));
        }))];
        foreach (var caller in callers) caller.Start();
        foreach (var caller in callers) caller.Join();
        Assert.That(sums, Is.EqualTo(new long[] { 200 * 28, 200 * 36 }));
    }

    [Test]
    public void Number_of_threads_follows_from_the_work()
    {
        set_num_threads(16);
        const long Grain = 1000;
        Assert.That(new long[] { 0, 1999, 2000, 5999, 16_000, long.MaxValue }.Select(work => CpuLoop.Threads(work, Grain)),
            Is.EqualTo(new[] { 1, 1, 2, 5, 16, 16 }));
        List<(int, int)> parts = [];
        CpuLoop.Share(100, 2 * CpuLoop.Grain - 1, (begin, end) => parts.Add((begin, end)));
        Assert.That(parts, Is.EqualTo(new[] { (0, 100) }));
        set_num_threads(1);
        Assert.That(CpuLoop.Threads(long.MaxValue, Grain), Is.EqualTo(1));
    }

    /// <summary>As many blocks as there are threads, or a multiple of that.</summary>
    [TestCase(64, 16, 4, 2, 4)]
    [TestCase(64, 16, 4, 16, 16)]
    [TestCase(1024, 32, 4, 16, 32)]
    [TestCase(5000, 512, 64, 16, 16)]
    [TestCase(40, 16, 4, 2, 4)]
    [TestCase(3, 16, 4, 16, 1)]
    [TestCase(0, 16, 4, 16, 0)]
    public void Blocks_of_rows_are_shared_out_evenly(int rows, int most, int step, int team, int expected)
    {
        set_num_threads(team);
        ConcurrentBag<(int Begin, int End)> blocks = [];
        RowBlocks.Run(rows, most, step, team, (begin, end) => blocks.Add((begin, end)));
        var sorted = blocks.Order().ToArray();
        Assert.That(sorted, Has.Length.EqualTo(expected));
        Assert.That(sorted.SelectMany(block => Enumerable.Range(block.Begin, block.End - block.Begin)),
            Is.EqualTo(Enumerable.Range(0, rows)));
        Assert.That(sorted.SkipLast(1).Select(block => (block.End - block.Begin) % step), Is.All.Zero);
    }

    /// <summary>
    /// A step of each kind of loop, with gradients: threads, their pool and a repetition do not change a bit. The gradients of the LSTM's
    /// biases are missing: LibTorch sums them.
    /// </summary>
    [Test]
    public void Threads_and_their_pool_do_not_change_a_bit()
    {
        if (!Processor.HasWideVectors || OperationMode.TensorsOnly) Assert.Ignore("These loops need AVX-512.");
        var alone = Results(1);
        foreach (var team in new[] { 2, 5, 16, 16 }) Assert.That(Results(team), Is.EqualTo(alone), $"{team} threads");
        using var _ = ThreadTeam.OnDotNetsPool();
        foreach (var team in new[] { 2, 16 }) Assert.That(Results(team), Is.EqualTo(alone), $"{team} threads of .NET's pool");
    }

    static float[] Results(int team)
    {
        using var scope = NewDisposeScope();
        set_num_threads(1);
        manual_seed(1);
        Tensor Leaf(params long[] shape) => randn(shape).mul_(Held(0.3)).requires_grad_();
        var parts = new LstmParts(Leaf(1100, 32), Leaf(128, 32), Leaf(128, 32), Leaf(128), Leaf(128), Leaf(1100, 32), Leaf(1100));
        Tensor[] leaves = [parts.Embedding, parts.InputWeight, parts.HiddenWeight, parts.HeadWeight, parts.HeadBias, Leaf(150, 96),
            Leaf(150)];
        var (texts, weights) = (randn(64, 9, 32), randn(64, 9, 1100));
        var (ids, uniform, logits) = (randint(0, 1100, [64], int64), rand(64, 2), randn(64, 1100));
        var (linear, features) = (Leaf(700, 300), randn(64, 300));
        set_num_threads(team);
        var drawn = RelaxedLstmFunction.Draw(parts, new RelaxedTexts(64, 9, 1, false, 0, null) { Seed = 3 });
        var states = LstmSequence.Call(texts, parts.InputWeight, parts.HiddenWeight, parts.InputBias, parts.HiddenBias);
        var strongest = MaxOverTime.Of(texts, [3], [leaves[5], leaves[6]]);
        var loss = CrossEntropyFunctions.Sum(new LinearHead(states.select(1, 8).contiguous(), parts.HeadWeight, parts.HeadBias), ids);
        var layer = LinearFunction.Call(features, linear, null);
        ((drawn.Shown * weights).sum().add(strongest.sum()).add(loss).add(layer.sum())).backward();
        var tokens = new TokenDrawer().Draw(logits, uniform);
        Tensor[] all = [drawn.Ids, tokens.Tokens, tokens.LogProbabilities, states, strongest, layer, linear.grad!,
            .. leaves.Select(leaf => leaf.grad!)];
        return [.. all.SelectMany(tensor => tensor.detach().to(float32).contiguous().view(-1).data<float>().ToArray())];
    }
}
