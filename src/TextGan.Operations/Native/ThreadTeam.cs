using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace TextGan.Native;

/// <summary>
/// Runs the parts of a loop on the threads that LibTorch's own operations use. With a second pool, the threads of both would take turns on
/// the same cores: those of the one still wait, spinning, while those of the other begin. LibTorch's threads belong to an OpenMP runtime,
/// GNU's or Intel's; both have the function that a compiler calls for a parallel region. Elsewhere .NET's pool runs the parts.
/// </summary>
static unsafe class ThreadTeam
{
    /// <summary>
    /// The OpenMP runtime's function that calls another one on all threads of a team. Its arguments are that function, what it is given,
    /// the number of threads (0: as LibTorch has set it) and flags. 0 if no such runtime is loaded.
    /// </summary>
    static readonly nint ParallelRegion = Find();

    [ThreadStatic]
    static bool isInside, avoidsLibTorchs;

    /// <summary>Whether the parts run on LibTorch's threads.</summary>
    public static bool IsLibTorchs => ParallelRegion != 0;

    /// <summary>How many threads an operation may use.</summary>
    public static int Size => torch.get_num_threads();

    /// <summary>
    /// Calls <paramref name="body"/> once for each of 0 … <paramref name="parts"/> − 1, in parallel, and returns when all are done. Called
    /// by a part, it calls them one after another, up to the first that fails; otherwise, if parts fail, the others are done nevertheless,
    /// and the caller gets the exception of the first.
    /// </summary>
    public static void Run(int parts, Action<int> body)
    {
        if (parts <= 1 || isInside)
        {
            for (var part = 0; part < parts; part++) body(part);
            return;
        }
        var work = new Work(parts, body);
        if (IsLibTorchs && !avoidsLibTorchs)
        {
            using var handle = new GCHandle<Work>(work);
            // Always the whole team, as LibTorch's own operations ask for it: GNU's runtime ends the threads that a smaller team leaves
            // over and starts new ones for the next large one.
            ((delegate* unmanaged<delegate* unmanaged<nint, void>, nint, uint, uint, void>)ParallelRegion)(
                &Serve, GCHandle<Work>.ToIntPtr(handle), 0, 0);
        }
        else Parallel.For(0, Math.Min(parts, Size), _ => work.Do());
        work.Failure?.Throw();
    }

    /// <summary>.NET's pool for loops that this thread begins, until disposal, so that a test can set it beside LibTorch's.</summary>
    internal static IDisposable OnDotNetsPool()
    {
        avoidsLibTorchs = true;
        return new Restored();
    }

    /// <summary>What each thread of the team does. No exception may leave it.</summary>
    [UnmanagedCallersOnly]
    static void Serve(nint data) => GCHandle<Work>.FromIntPtr(data).Target.Do();

    /// <summary>
    /// The runtime that LibTorch is bound to: as the loader does, what the whole program has (a preloaded one) comes before what LibTorch
    /// brings along. Nothing is loaded that was not.
    /// </summary>
    static nint Find()
    {
        _ = Size; // LibTorch is loaded by its first call
        if (!OperatingSystem.IsLinux() || LibTorch.LoadedFrom is not { } folder) return 0;
        if (NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "GOMP_parallel", out var function)) return function;
        return NativeLibrary.TryLoad(Path.Combine(folder, "libtorch_cpu.so"), out var library)
            && NativeLibrary.TryGetExport(library, "GOMP_parallel", out function) ? function : 0;
    }

    sealed class Restored : IDisposable
    {
        public void Dispose() => avoidsLibTorchs = false;
    }

    sealed class Work(int parts, Action<int> body)
    {
        readonly Lock failing = new();
        int next = -1, failed = int.MaxValue;

        public ExceptionDispatchInfo? Failure { get; private set; }

        /// <summary>Parts that no other thread has begun, one after another: a thread that wakes late finds none.</summary>
        public void Do()
        {
            isInside = true;
            for (var part = Interlocked.Increment(ref next); part < parts; part = Interlocked.Increment(ref next))
                try
                {
                    body(part);
                }
                catch (Exception failure)
                {
                    lock (failing)
                        if (part < failed) (failed, Failure) = (part, ExceptionDispatchInfo.Capture(failure));
                }
            isInside = false;
        }
    }
}
