using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Brokers;

/// <summary>Rows as messages of whole tables into a spool, from which a <see cref="BrokerRelay"/> carries them to a broker.</summary>
internal sealed class BrokerTarget(BrokerRelay relay, Spool spool, TableOrigin origin, RowFraming framing, TimeSpan patience) : OutputTarget
{
    // NATS servers take a message of 1 MiB at most, headers included, unless they are told otherwise.
    private const int MaxRows = 512 << 10;
    private static readonly TimeSpan s_syncPeriod = TimeSpan.FromSeconds(1);

    private byte[] _header = [];
    private long _blocks;
    private long _syncedAt;
    private long _rowsTaken;
    private long _bytesTaken;

    /// <inheritdoc/>
    public override long RowsTaken => Volatile.Read(ref _rowsTaken);

    /// <inheritdoc/>
    public override long BytesTaken => Volatile.Read(ref _bytesTaken);

    /// <inheritdoc/>
    public override string AdviceFor(Exception failure) =>
        failure is SpoolFullException ? "bring the broker back, or give more room with --spool"
        : OutputFailure.IsFull(failure) ? "make room on the disk of --spool"
        : "see that the folder of --spool can be written to";

    /// <inheritdoc/>
    public override void Begin(ReadOnlySpan<byte> header) => _header = header.ToArray();

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> rows)
    {
        while (!rows.IsEmpty)
        {
            int part = rows.Length <= MaxRows ? rows.Length : framing.Whole(rows[..MaxRows]).End;
            part = part > 0 ? part : framing.First(rows);
            Add(rows[..part]);
            rows = rows[part..];
        }
    }

    /// <inheritdoc/>
    /// <remarks>Here, on a thread that nobody waits for, since waiting for the disk may take seconds.</remarks>
    public override void FinishFiles()
    {
        if (relay.Clock.GetElapsedTime(_syncedAt) >= s_syncPeriod)
        {
            _syncedAt = relay.Clock.GetTimestamp();
            relay.Sync();
        }
    }

    /// <inheritdoc/>
    /// <remarks>Waits until all is acknowledged, but not for ever: what is left waits for the next run, or is lost.</remarks>
    public override void GiveUp()
    {
        MessageTotals left = relay.Finish(patience);
        if (!relay.Persists)
        {
            Volatile.Write(ref _rowsTaken, left.Rows);
            Volatile.Write(ref _bytesTaken, left.Bytes);
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => relay.Dispose();

    private void Add(ReadOnlySpan<byte> rows)
    {
        FileTrailer? trailer = framing.CreateTrailer();
        trailer?.Add(_header);
        trailer?.Add(rows);
        int count = (int)framing.Whole(rows).Rows;
        if (!spool.TryAdd(origin.MessageOf(_blocks, (byte[])[.. _header, .. rows, .. trailer?.End() ?? []], count)))
        {
            throw new SpoolFullException();
        }

        _blocks++;
        Rows += count;
        Bytes += rows.Length;
    }
}
