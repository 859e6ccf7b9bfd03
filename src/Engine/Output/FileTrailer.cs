namespace FlowMeter.Engine.Output;

/// <summary>What stands behind the last row of one file or pipe and follows from what is in front of it.</summary>
internal abstract class FileTrailer
{
    /// <summary>Takes note of bytes that were written: the header first, then whole rows.</summary>
    public abstract void Add(ReadOnlySpan<byte> written);

    /// <summary>The bytes that end the file, after all that was added. Asked again it says the same.</summary>
    public abstract byte[] End();
}
