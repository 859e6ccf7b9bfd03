using System.Runtime.InteropServices;

namespace FlowMeter.Library;

/// <summary>Hands a run over as the Arrow C stream interface has it; releasing the stream ends the run.</summary>
internal sealed unsafe class StreamExport
{
    // errno of what a stream can not give (EIO).
    private const int Failed = 5;

    private readonly ReadSession _session;
    private byte* _error;

    private StreamExport(ReadSession session) => _session = session;

    /// <summary>A stream of a run, which becomes the stream's.</summary>
    public static CStream Of(ReadSession session) => new()
    {
        GetSchema = &GetSchema,
        GetNext = &GetNext,
        GetLastError = &GetLastError,
        Release = &Release,
        PrivateData = (void*)GCHandle.ToIntPtr(GCHandle.Alloc(new StreamExport(session))),
    };

    /// <summary>The run of a stream that was not released.</summary>
    public static ReadSession SessionOf(CStream* stream) => From(stream)._session;

    private static StreamExport From(CStream* stream) => (StreamExport)GCHandle.FromIntPtr((nint)stream->PrivateData).Target!;

    [UnmanagedCallersOnly]
    private static int GetSchema(CStream* stream, CSchema* schema)
    {
        StreamExport export = From(stream);
        try
        {
            SchemaExport.Write(export._session.Schema, schema);
            return 0;
        }
        catch (Exception e)
        {
            return export.Fail(e);
        }
    }

    [UnmanagedCallersOnly]
    private static int GetNext(CStream* stream, CArray* array)
    {
        StreamExport export = From(stream);
        try
        {
            *array = default;
            if (export._session.Next() is { } batch)
            {
                BatchExport.Write(batch, array);
                return 0;
            }

            // An array that is released already says that the stream is at its end.
            return export._session.Failure is { } failure ? export.Fail(failure) : 0;
        }
        catch (Exception e)
        {
            return export.Fail(e);
        }
    }

    [UnmanagedCallersOnly]
    private static byte* GetLastError(CStream* stream) => From(stream)._error;

    [UnmanagedCallersOnly]
    private static void Release(CStream* stream)
    {
        GCHandle handle = GCHandle.FromIntPtr((nint)stream->PrivateData);
        StreamExport export = (StreamExport)handle.Target!;
        handle.Free();
        export._session.Dispose();
        NativeText.Free(export._error);
        *stream = default;
    }

    private int Fail(Exception e)
    {
        NativeText.Free(_error);
        _error = NativeText.From(Failure.Of(e).Message);
        return Failed;
    }
}
