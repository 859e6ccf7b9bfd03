using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>
/// Decompresses zstd, reading only forward: one frame or several in a row. A read decompresses straight into the caller's memory and
/// allocates nothing. Owns the decoder and the compressed stream, and disposes both. For one thread at a time.
/// </summary>
public sealed unsafe class ZstandardStream : Stream
{
    // The format's largest on 64-bit: `zstd --long=31` writes such windows, and the default of 27 refuses them.
    private const int WindowLogMax = 31;

    // Every frame begins with so many bytes at least (RFC 8878 §3.1.1).
    private const int FrameStart = 5;

    // What the decoder asks for has the header of the next block at its end (§3.1.1.2), which may be wrong.
    private const int BlockHeader = 3;

    private readonly Stream _compressed;
    private readonly ZstandardDecoder _decoder;
    private readonly byte[] _input;
    private int _inputPosition;
    private int _inputEnd;

    // Bytes that the decoder needs next. It gets no more: what it decompresses in a call that ends with an error, such as of a wrong
    // checksum, is lost.
    private int _wanted = FrameStart;
    private bool _insideFrame;
    private bool _outputWaits;

    /// <summary>Reads from <paramref name="compressed"/>, from where it stands.</summary>
    /// <param name="compressed">The zstd data; disposed with this stream.</param>
    /// <exception cref="ZstandardException">libzstd is not installed.</exception>
    public ZstandardStream(Stream compressed)
    {
        ArgumentNullException.ThrowIfNull(compressed);
        _compressed = compressed;
        _decoder = Zstandard.ZSTD_createDStream();
        if (_decoder.IsInvalid)
        {
            throw new ZstandardException("libzstd has no memory for a decoder.");
        }

        nuint status = Zstandard.ZSTD_DCtx_setParameter(_decoder, Zstandard.ZSTD_d_windowLogMax, WindowLogMax);
        if (Zstandard.ZSTD_isError(status) != 0)
        {
            throw new ZstandardException($"libzstd does not take a window of 2^{WindowLogMax} bytes: {ErrorName(status)}.");
        }

        _input = GC.AllocateUninitializedArray<byte>((int)Zstandard.ZSTD_DStreamInSize());
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Decompresses into <paramref name="buffer"/>.</summary>
    /// <returns>Bytes written, at least 1, or 0 at the end of the data.</returns>
    /// <exception cref="InvalidDataException">The data is not zstd, is damaged, or ends inside a frame.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            // The decoder may still hold bytes that did not fit into the last buffer; only then is it asked without new input.
            if (_inputPosition == _inputEnd && !_outputWaits && !Refill())
            {
                return 0;
            }

            int written = Decompress(buffer);
            if (written > 0)
            {
                return written;
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override int ReadByte()
    {
        byte value = 0;
        return Read(new Span<byte>(ref value)) == 0 ? -1 : value;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _decoder.Dispose();
            _compressed.Dispose();
        }

        base.Dispose(disposing);
    }

    private static string ErrorName(nuint code) => Marshal.PtrToStringUTF8((nint)Zstandard.ZSTD_getErrorName(code)) ?? "";

    private bool Refill()
    {
        _inputPosition = 0;
        _inputEnd = _compressed.Read(_input);
        if (_inputEnd > 0)
        {
            return true;
        }

        return _insideFrame ? throw new InvalidDataException("The stream ends inside a zstd frame: the file is cut off.") : false;
    }

    private int Decompress(Span<byte> buffer)
    {
        fixed (byte* first = buffer, inputFirst = _input)
        {
            ZstandardBuffer output = new() { First = first, Size = (nuint)buffer.Length };
            int end = _outputWaits ? _inputPosition : Math.Min(_inputEnd, _inputPosition + _wanted);
            ZstandardBuffer input = new() { First = inputFirst, Size = (nuint)end, Position = (nuint)_inputPosition };
            nuint status = Zstandard.ZSTD_decompressStream(_decoder, &output, &input);
            if (Zstandard.ZSTD_isError(status) != 0)
            {
                throw new InvalidDataException($"The zstd stream is damaged: {ErrorName(status)}.");
            }

            // 0 says that a frame is complete and all of it is out; anything else hints at what the decoder would like next.
            _insideFrame = status != 0;
            _wanted = !_insideFrame ? FrameStart
                : status > BlockHeader ? (int)Math.Min(status - BlockHeader, (nuint)_input.Length)
                : (int)status;
            _outputWaits = _insideFrame && output.Position == output.Size;
            _inputPosition = (int)input.Position;
            return (int)output.Position;
        }
    }
}
