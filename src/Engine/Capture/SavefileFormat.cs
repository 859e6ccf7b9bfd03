namespace FlowMeter.Engine.Capture;

/// <summary>
/// How a capture file's records are walked. A format keeps what it learnt from headers, never a pointer: the bytes belong to the batch that
/// is being filled.
/// </summary>
internal abstract unsafe class SavefileFormat
{
    /// <summary>Longest record of a packet that is believed, libpcap's MAXIMUM_SNAPLEN; a longer one is a lying length field.</summary>
    public const uint MaxCapturedLength = 262_144;

    /// <summary>What the file has said so far was lost before it was written.</summary>
    public virtual StatedDrops Drops => StatedDrops.None;

    /// <summary>Appends to the batch the packets of the whole records that <paramref name="data"/> begins with.</summary>
    /// <returns>
    /// Bytes used. The walk stops before a record that is not whole, when the batch is full, and when the link type changes. It may be more
    /// than <paramref name="length"/> where a block without packets reaches beyond the data.
    /// </returns>
    /// <exception cref="CaptureException">
    /// The first record is damaged. Damage further on is reported by the call that begins with it.
    /// </exception>
    public abstract long Walk(byte* data, int length, long position, PacketBatch batch);

    /// <summary>Why the file can not be read past <paramref name="position"/>.</summary>
    protected static CaptureException Damaged(string name, long position, string what) =>
        new($"{name}: damaged at byte {position}: {what}; what came before was metered, the rest can not be read.");
}
