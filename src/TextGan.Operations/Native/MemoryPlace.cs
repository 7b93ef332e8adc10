using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TextGan.Native;

/// <summary>Where a tensor's numbers begin: the address of its piece of memory, and how many numbers of that come before.</summary>
readonly partial record struct MemoryPlace(nint Memory, long Offset) : IComparable<MemoryPlace>
{
    public static MemoryPlace Of(Tensor tensor) => new(DataPointer(tensor.Handle), tensor.storage_offset());

    /// <summary>Where another tensor would have to begin to lie directly behind <paramref name="count"/> numbers from here.</summary>
    public MemoryPlace Behind(long count) => this with { Offset = Offset + count };

    /// <summary>How many bytes the tensor's piece of memory has.</summary>
    public static long BytesOf(Tensor tensor) => (long)Bytes(tensor.Handle);

    public int CompareTo(MemoryPlace other) => (Memory, Offset).CompareTo((other.Memory, other.Offset));

    // TorchSharp's own way to it makes an object that takes longer than an operation.
    [LibraryImport("LibTorchSharp", EntryPoint = "THSStorage_data_ptr")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static partial nint DataPointer(nint tensor);

    [LibraryImport("LibTorchSharp", EntryPoint = "THSStorage_nbytes")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static partial ulong Bytes(nint tensor);
}
