using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace FlowMeter.Engine.Memory;

/// <summary>
/// One column of a table: a fixed number of values in unmanaged memory, 64-byte aligned and zeroed. The column owns its memory and frees it
/// on <see cref="Dispose"/>; a pointer taken from <see cref="First"/> is valid until then. Pages that are never touched cost no memory.
/// </summary>
/// <typeparam name="T">The value's layout.</typeparam>
public sealed unsafe class NativeColumn<T> : IDisposable
    where T : unmanaged
{
    /// <summary>The alignment of the first value: one cache line.</summary>
    public const int Alignment = 64;

    private T* _first;

    /// <summary>Allocates <paramref name="length"/> zeroed values.</summary>
    /// <param name="length">Number of values, at least 1.</param>
    /// <exception cref="InsufficientMemoryException">The system refuses the address space.</exception>
    public NativeColumn(long length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        Length = length;
        _first = (T*)PageMemory.Allocate((nuint)length * (nuint)sizeof(T));
    }

    /// <summary>Frees the memory if nobody disposed the column.</summary>
    ~NativeColumn() => Free();

    /// <summary>Number of values.</summary>
    public long Length { get; }

    /// <summary>The first value. Valid until the column is disposed.</summary>
    public T* First => _first;

    /// <summary>The value at <paramref name="index"/>, below <see cref="Length"/> (asserted in debug builds only).</summary>
    public ref T this[long index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            Debug.Assert((ulong)index < (ulong)Length);
            return ref _first[index];
        }
    }

    /// <summary>Gives the memory back. Pointers into the column are dead afterwards.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        PageMemory.Free(_first, (nuint)Length * (nuint)sizeof(T));
        _first = null;
    }
}
