using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Engine.Capture;

/// <summary>
/// A file that several workers read piece by piece, at the same time and each into memory of its own, ahead of their turn to walk the
/// records. Pieces are reserved in the order of the file and have to be taken in it. What is reserved behind the end of the file, or after
/// damage, is never taken.
/// </summary>
/// <param name="file">The file; not owned.</param>
/// <param name="start">Where the first piece begins.</param>
/// <param name="progress">Counts the bytes that are read.</param>
internal sealed class ReadAhead(SafeFileHandle file, long start, InputProgress progress)
{
    // A piece is to have about as many packets as are handed over at a time.
    private const int PacketsOfPiece = 1450;
    private const int Least = 16 << 10;
    private const int Unit = 4 << 10;

    private long _reserved = start;
    private long _taken = start;
    private int _size = PacketBatch.ReadSize;
    private volatile bool _isOver;

    /// <summary>Reserves the next piece, as long as those that are to be expected. By one thread at a time.</summary>
    /// <param name="piece">Where to note it; none is noted there.</param>
    /// <returns>False if nothing is to be read ahead any more.</returns>
    public bool TryReserve(FilePiece piece)
    {
        if (_isOver)
        {
            return false;
        }

        int size = Volatile.Read(ref _size);
        piece.Reserve(this, _reserved, size);
        _reserved += size;
        return true;
    }

    /// <summary>
    /// Takes a piece, unless the reading ahead is over. One that is not whole ends it: who takes pieces reads the rest in its turn
    /// (<see cref="ReadNext"/>), as the file may be growing.
    /// </summary>
    public bool TryTake(FilePiece piece)
    {
        if (_isOver)
        {
            return false;
        }

        Debug.Assert(piece.Offset == _taken, "pieces are taken in the order in which they were reserved");
        _taken += piece.Read;
        _isOver = piece.Read < piece.Length;
        return true;
    }

    /// <summary>Reads what is behind all that was taken, in turn: nothing may be reserved that is still to be taken.</summary>
    /// <returns>Bytes read; 0 at the end of the file.</returns>
    public int ReadNext(Span<byte> to)
    {
        int read = Read(to, _taken);
        _taken += read;
        _reserved = _taken;
        return read;
    }

    /// <summary>Reads bytes of the file; from any thread.</summary>
    public int Read(Span<byte> to, long offset)
    {
        int read = RandomAccess.Read(file, to, offset);
        progress.Add(read);
        return read;
    }

    /// <summary>Has the next pieces fit what the packets of the last one took.</summary>
    public void Learn(int bytes, int packets) =>
        Volatile.Write(
            ref _size, (int)Math.Clamp((long)bytes * PacketsOfPiece / Math.Max(packets, 1), Least, PacketBatch.LongestPiece) & -Unit);

    /// <summary>Ends the reading ahead: what is reserved will not be taken.</summary>
    public void End() => _isOver = true;
}
