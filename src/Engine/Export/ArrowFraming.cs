using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Export;

/// <summary>Messages of Arrow IPC behind each other.</summary>
/// <param name="isFile">
/// Whether they are in a file of the random access format, which begins with a mark and ends with a list of them.
/// </param>
internal sealed class ArrowFraming(bool isFile) : BlockFraming
{
    /// <summary>Begins a file, padded; without the padding it ends one, too.</summary>
    internal static ReadOnlySpan<byte> FileMark => "ARROW1\0\0"u8;

    internal override (long Length, long Rows)? Measure(ReadOnlySpan<byte> start)
    {
        int mark = isFile && start.StartsWith(FileMark) ? FileMark.Length : 0;
        return ArrowMessage.Read(start[mark..]) is { } message ? (mark + message.Metadata + message.Body, message.Rows) : null;
    }

    internal override FileTrailer CreateTrailer() => isFile ? new ArrowFooter() : new EndOfStream();

    private sealed class EndOfStream : FileTrailer
    {
        public override void Add(ReadOnlySpan<byte> written)
        {
        }

        public override byte[] End() => ArrowMessage.EndOfStream.ToArray();
    }
}
