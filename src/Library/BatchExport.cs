using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowMeter.Engine.Export;

namespace FlowMeter.Library;

/// <summary>
/// Hands a batch over as the Arrow C data interface has it, without copying: the receiver releases it, all at once or column by column, and
/// with the last of them the batch's memory goes.
/// </summary>
internal sealed unsafe class BatchExport
{
    private readonly FlowBatch _batch;
    private int _holders;

    private BatchExport(FlowBatch batch) => _batch = batch;

    /// <summary>Fills an array that the caller provides; the batch becomes the receiver's.</summary>
    public static void Write(FlowBatch batch, CArray* array) => new BatchExport(batch).Write(array);

    /// <summary>Fills another array with the same batch as one that was not released; each is released for itself.</summary>
    public static void Share(CArray* array, CArray* other) => From(array).Write(other);

    private static BatchExport From(CArray* array) => (BatchExport)GCHandle.FromIntPtr((nint)array->PrivateData).Target!;

    private void Write(CArray* array)
    {
        int count = _batch.Columns.Count;
        *array = Of(_batch.Count, buffers: 1);
        array->ChildCount = count;
        array->Children = (CArray**)NativeMemory.Alloc((nuint)count, (nuint)sizeof(CArray*));
        for (int i = 0; i < count; i++)
        {
            array->Children[i] = (CArray*)NativeMemory.Alloc((nuint)sizeof(CArray));
            *array->Children[i] = OfColumn(_batch.Columns[i]);
        }
    }

    private CArray OfColumn(BatchColumn column)
    {
        if (!column.Field.IsText)
        {
            CArray numbers = Of(_batch.Count, buffers: 2);
            numbers.Buffers[1] = First(column.ValuesOf(_batch.Count));
            return numbers;
        }

        CArray texts = Of(_batch.Count, buffers: 3);
        texts.NullCount = column.Nulls;
        texts.Buffers[0] = column.Nulls == 0 ? null : First(column.ValidOf(_batch.Count));
        texts.Buffers[1] = First(column.OffsetsOf(_batch.Count));
        texts.Buffers[2] = First(column.TextOf(_batch.Count));
        return texts;
    }

    /// <summary>An array whose buffers are not set, and which holds the batch.</summary>
    private CArray Of(int length, int buffers)
    {
        Interlocked.Increment(ref _holders);
        return new CArray
        {
            Length = length,
            BufferCount = buffers,
            Buffers = (void**)NativeMemory.AllocZeroed((nuint)buffers, (nuint)sizeof(void*)),
            Release = &Release,
            PrivateData = (void*)GCHandle.ToIntPtr(GCHandle.Alloc(this)),
        };
    }

    private static void* First<T>(ReadOnlySpan<T> values) => Unsafe.AsPointer(in MemoryMarshal.GetReference(values));

    [UnmanagedCallersOnly]
    private static void Release(CArray* array)
    {
        for (long i = 0; i < array->ChildCount; i++)
        {
            CArray* child = array->Children[i];
            if (child->Release != null)
            {
                child->Release(child);
            }

            NativeMemory.Free(child);
        }

        NativeMemory.Free(array->Children);
        NativeMemory.Free(array->Buffers);
        BatchExport export = From(array);
        GCHandle.FromIntPtr((nint)array->PrivateData).Free();
        *array = default;
        if (Interlocked.Decrement(ref export._holders) == 0)
        {
            export._batch.Dispose();
        }
    }
}
