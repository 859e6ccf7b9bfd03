using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>
/// Decompresses gzip (RFC 1952), reading only forward: one member or several in a row. All that can be inflated is handed over before
/// damage is told: a wrong checksum at the very end, as the framework's own stream finds it, would otherwise cost the last bytes before it.
/// Owns the compressed stream. For one thread at a time.
/// </summary>
/// <param name="compressed">The gzip data; disposed with this stream.</param>
/// <param name="onTrailing">Called once if something else than zeros lies behind the last member.</param>
public sealed unsafe class GunzipStream(Stream compressed, Action? onTrailing = null) : Stream
{
    private const int HeaderCheck = 2;
    private const int Extra = 4;
    private const int Name = 8;
    private const int Comment = 16;

    private readonly byte[] _input = GC.AllocateUninitializedArray<byte>(64 << 10, pinned: true);
    private InflateState* _state;
    private int _at;
    private int _end;
    private bool _outputWaits;
    private bool _isInside;
    private bool _isAtTrailer;
    private bool _isEnded;
    private bool _isAfterFirst;
    private uint _checksum;
    private uint _length;
    private string? _problem;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Decompresses into <paramref name="buffer"/>.</summary>
    /// <returns>Bytes written, at least 1, or 0 at the end of the data.</returns>
    /// <exception cref="InvalidDataException">
    /// The data is damaged; all before it, and where only checksums are wrong all of it, has been handed over.
    /// </exception>
    /// <exception cref="EndOfStreamException">The data ends too soon.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (!buffer.IsEmpty && !_isEnded)
        {
            // Not in the call that gave the last bytes: they would be lost if the trailer could not be read.
            if (_isAtTrailer)
            {
                EndMember();
                continue;
            }

            if (!_isInside && !BeginMember())
            {
                _isEnded = true;
                break;
            }

            int written = Decompress(buffer);
            if (written > 0)
            {
                return written;
            }
        }

        return _isEnded && _problem != null ? throw new InvalidDataException(_problem) : 0;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
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
        if (_state != null)
        {
            _ = Inflate.CompressionNative_InflateEnd(_state);
            NativeMemory.Free(_state);
            _state = null;
        }

        if (disposing)
        {
            compressed.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Reads a member's header. False where there is no further member.</summary>
    private bool BeginMember()
    {
        if (_isAfterFirst && !FindNextMember())
        {
            return false;
        }

        if (Take() != 0x1F || Take() != 0x8B || Take() != 8)
        {
            throw new InvalidDataException("the gzip header is damaged");
        }

        int flags = Take();
        for (int i = 0; i < 6; i++)
        {
            Take();
        }

        for (int left = (flags & Extra) != 0 ? Take() | (Take() << 8) : 0; left > 0; left--)
        {
            Take();
        }

        SkipText((flags & Name) != 0);
        SkipText((flags & Comment) != 0);
        for (int left = (flags & HeaderCheck) != 0 ? 2 : 0; left > 0; left--)
        {
            Take();
        }

        _checksum = 0;
        _length = 0;
        _isInside = true;
        _isAfterFirst = true;
        Reset();
        return true;
    }

    /// <summary>Zeros behind a member are padding, as tapes and block devices leave it (gzip(1) ignores them, too).</summary>
    private bool FindNextMember()
    {
        int next = Peek();
        while (next == 0)
        {
            _at++;
            next = Peek();
        }

        if (next is not -1 and not 0x1F)
        {
            onTrailing?.Invoke();
        }

        return next == 0x1F;
    }

    private void SkipText(bool isThere)
    {
        while (isThere && Take() != 0)
        {
        }
    }

    private void Reset()
    {
        if (_state != null)
        {
            _ = Inflate.CompressionNative_InflateReset2_(_state, Inflate.RawWindow);
            return;
        }

        _state = (InflateState*)NativeMemory.AllocZeroed((nuint)sizeof(InflateState));
        if (Inflate.CompressionNative_InflateInit2_(_state, Inflate.RawWindow) != Inflate.Ok)
        {
            throw new InsufficientMemoryException("no memory for reading gzip");
        }
    }

    private int Decompress(Span<byte> buffer)
    {
        if (!_outputWaits && Peek() < 0)
        {
            throw CutOff();
        }

        int result;
        int written;
        fixed (byte* output = buffer, input = _input)
        {
            _at = Math.Min(_at, _end);
            _state->NextIn = input + _at;
            _state->AvailableIn = (uint)(_end - _at);
            _state->NextOut = output;
            _state->AvailableOut = (uint)buffer.Length;
            result = Inflate.CompressionNative_Inflate(_state, flush: 0);
            written = buffer.Length - (int)_state->AvailableOut;
            _at = _end - (int)_state->AvailableIn;
            _checksum = Inflate.CompressionNative_Crc32(_checksum, output, written);
            _length += (uint)written;
            _outputWaits = result == Inflate.Ok && written == buffer.Length;
        }

        if (result == Inflate.StreamEnd)
        {
            _isAtTrailer = true;
        }
        else if (result is not Inflate.Ok and not Inflate.BufferError)
        {
            // What was inflated comes first; the failure is told when more is asked for.
            _problem ??= "the gzip data is damaged";
            _isEnded = true;
        }

        return written;
    }

    private void EndMember()
    {
        _isAtTrailer = false;
        _isInside = false;
        Span<byte> trailer = stackalloc byte[8];
        for (int i = 0; i < trailer.Length; i++)
        {
            if (Peek() < 0)
            {
                _problem ??= "the gzip data ends before its checksum: the file is cut off";
                _isEnded = true;
                return;
            }

            trailer[i] = _input[_at++];
        }

        // Members behind a wrong checksum are read all the same.
        if (BinaryPrimitives.ReadUInt32LittleEndian(trailer) != _checksum)
        {
            _problem ??= "the gzip checksum is wrong: bytes changed since the file was compressed";
        }
        else if (BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]) != _length)
        {
            _problem ??= "the length at the end of the gzip data is wrong";
        }
    }

    private static EndOfStreamException CutOff() => new("the gzip data ends too soon: the file is cut off");

    private int Take()
    {
        int next = Peek();
        _at++;
        return next >= 0 ? next : throw CutOff();
    }

    /// <summary>The next byte of the input, -1 at its end.</summary>
    private int Peek()
    {
        if (_at >= _end)
        {
            _at = 0;
            _end = compressed.Read(_input);
        }

        return _end > 0 ? _input[_at] : -1;
    }
}
