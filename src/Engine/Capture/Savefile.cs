using System.Buffers.Binary;
using System.Text;
using FlowMeter.Engine.Text;
using FlowMeter.Native;

namespace FlowMeter.Engine.Capture;

/// <summary>Opens capture files: finds out by the first bytes, never by the name, what compression and which format they have.</summary>
public static class Savefile
{
    /// <summary>The path that stands for standard input.</summary>
    public const string StandardInput = "-";

    private const int MaxUnpacked = 4;

    /// <summary>Opens a capture.</summary>
    /// <param name="path">A file, a pipe, or <see cref="StandardInput"/>.</param>
    /// <param name="warn">Receives warnings, a line each, such as bytes behind compressed data.</param>
    /// <param name="progress">Counts the bytes that are read.</param>
    /// <param name="stop">Ends the wait for a pipe's data.</param>
    /// <exception cref="CaptureException">There is no such file, it may not be read, or it is not a capture.</exception>
    /// <exception cref="OperationCanceledException">Stopped while waiting; reading the source may throw it, too.</exception>
    public static SavefileSource Open(string path, Action<string> warn, InputProgress progress, CancellationToken stop = default)
    {
        string name = path == StandardInput ? "standard input" : path;
        Stream bytes = OpenBytes(path, name, stop);
        CountedStream stream = new(bytes, progress);
        try
        {
            SavefileSource source = Open(name, stream, warn, 0, isAhead: bytes is FileStream && Environment.ProcessorCount > 1);
            source.Pipe = bytes as PipeStream;
            source.File = bytes is FileStream { CanSeek: true } file && source.Start is { } start
                ? new ReadAhead(file.SafeFileHandle, start, progress)
                : null;
            return source;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Opens a capture whose bytes come from <paramref name="stream"/>, which the source then owns.</summary>
    public static SavefileSource Open(string name, Stream stream, Action<string> warn) => Open(name, stream, warn, 0, isAhead: false);

    /// <summary>
    /// Opens what may be compressed, and inside be compressed again, but not without end: there are small files that unpack to themselves.
    /// </summary>
    private static SavefileSource Open(string name, Stream stream, Action<string> warn, int unpacked, bool isAhead)
    {
        if (unpacked > MaxUnpacked)
        {
            throw new CaptureException($"{name}: is compressed more than {MaxUnpacked} times over; unpack it first.")
            {
                Fault = CaptureFault.Refused,
            };
        }

        byte[] start = new byte[PcapFormat.HeaderLength];
        int length = ReadStart(name, stream, start);
        ReadOnlySpan<byte> header = start.AsSpan(0, length);
        uint magic = length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(header) : 0;
        if (PcapFormat.TryCreate(name, header) is { } pcap)
        {
            return new SavefileSource(name, stream, pcap, PcapFormat.HeaderLength)
            {
                FileHeader = pcap.HeaderForCopies(start),
                Start = unpacked == 0 ? PcapFormat.HeaderLength : null,
            };
        }

        Stream whole = new PrefixedStream(start.AsMemory(0, length), stream);
        return magic switch
        {
            PcapngFormat.SectionHeader => new SavefileSource(name, whole, new PcapngFormat(name, warn), 0)
            {
                Start = unpacked == 0 ? 0 : null,
            },
            0xFD2FB528 => Open(name, new ReadAheadStream(new ZstandardStream(whole), isAhead), warn, unpacked + 1, isAhead),
            _ when (magic & 0xFFFF) == 0x8B1F => Open(name, Gunzip(name, whole, warn, isAhead), warn, unpacked + 1, isAhead),
            _ => throw NotACapture(name, header),
        };
    }

    /// <summary>Finds out before anything is metered whether a path leads to a file that can be opened.</summary>
    /// <exception cref="CaptureException">It does not.</exception>
    public static void Check(string path)
    {
        if (!IsStream(path))
        {
            OpenBytes(path, path, CancellationToken.None).Dispose();
        }
    }

    /// <summary>
    /// Whether a file begins as a capture, compressed or not. False for a pipe, whose beginning can not be read twice, and for what can not
    /// be read at all: whoever reads it then says why.
    /// </summary>
    public static bool IsCapture(string path)
    {
        if (IsStream(path) || Directory.Exists(path))
        {
            return false;
        }

        try
        {
            using Stream bytes = new UnpackedStream(OpenFile(path));
            byte[] start = new byte[PcapFormat.HeaderLength];
            int length = bytes.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            return PcapFormat.TryCreate(path, start.AsSpan(0, length)) != null
                || (length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(start) == PcapngFormat.SectionHeader);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException
            or ZstandardException)
        {
            return false;
        }
    }

    /// <summary>
    /// Whether a path is read once and forward only. Opening a pipe waits for its writer, and closing it again takes the data away.
    /// </summary>
    public static bool IsStream(string path) => path == StandardInput || FileKinds.Find(path) is FileKind.Pipe or FileKind.Device;

    private static ReadAheadStream Gunzip(string name, Stream packed, Action<string> warn, bool isAhead)
    {
        ReadAheadStream? ahead = null;
        GunzipStream plain = new(
            packed, () => ahead!.Tell(() => warn($"{name}: what lies behind the gzip data is no gzip data, and was not read.")));
        return ahead = new ReadAheadStream(plain, isAhead);
    }

    private static Stream OpenBytes(string path, string name, CancellationToken stop)
    {
        if (path == StandardInput)
        {
            return PipeStream.OpenStandardInput(stop);
        }

        if (Directory.Exists(path))
        {
            throw new CaptureException($"{name}: is a directory; name the capture files in it, for example {Path.Join(name, "*.pcap")}.")
            {
                Fault = CaptureFault.Refused,
            };
        }

        try
        {
            return IsStream(path) ? PipeStream.Open(() => OpenFile(path), stop) : OpenFile(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CaptureException($"{name}: no such file; check the path.", e) { Fault = CaptureFault.Refused };
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CaptureException($"{name}: permission denied; make the file readable for this user.", e)
            {
                Fault = CaptureFault.Refused,
            };
        }
        catch (IOException e)
        {
            throw new CaptureException($"{name}: can not be opened: {FailureReason.Of(e)}.", e) { Fault = CaptureFault.Refused };
        }
    }

    private static FileStream OpenFile(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);

    private static int ReadStart(string name, Stream stream, Span<byte> start)
    {
        try
        {
            return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new CaptureException($"{name}: can not be read: {FailureReason.Of(e)}.", e) { Fault = CaptureException.FaultOf(e) };
        }
    }

    private static CaptureException NotACapture(string name, ReadOnlySpan<byte> header)
    {
        if (header.IsEmpty)
        {
            return new CaptureException(
                $"{name}: is empty; a capture has at least a file header, so it was not recorded or not copied whole.")
            {
                Fault = CaptureFault.Incomplete,
            };
        }

        ReadOnlySpan<byte> first = header[..Math.Min(header.Length, 8)];
        string shown = first.ContainsAnyExceptInRange((byte)' ', (byte)'~')
            ? Convert.ToHexString(first)
            : $"\"{Encoding.ASCII.GetString(first)}\"";
        return new CaptureException(
            $"{name}: is not a capture (it begins with {shown}); pcap and pcapng are read, also compressed with gzip or zstd.")
        {
            Fault = header.Length < 4 ? CaptureFault.Incomplete : CaptureFault.Refused,
        };
    }
}
