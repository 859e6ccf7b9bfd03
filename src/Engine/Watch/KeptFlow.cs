using FlowMeter.Engine.Hosts;

namespace FlowMeter.Engine.Watch;

/// <summary>A place for a suspicious flow; used again for newer ones.</summary>
internal sealed class KeptFlow
{
    private byte[] _text = [];
    private byte[] _row = [];
    private int _textLength;
    private int _rowLength;

    /// <summary>Which one it is, from 1; 0: none yet.</summary>
    public long Number { get; private set; }

    /// <summary>Who it is between.</summary>
    public TalkKey Key { get; private set; }

    /// <summary>What it is sorted by.</summary>
    public FlowNumbers Numbers { get; private set; }

    /// <summary>Its texts (<see cref="FlowText"/>).</summary>
    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _textLength);

    /// <summary>All that is known of it, as a JSON object.</summary>
    public ReadOnlySpan<byte> Row => _row.AsSpan(0, _rowLength);

    /// <summary>Takes a flow in place of the one before.</summary>
    public void Take(long number, in TalkKey key, in FlowNumbers numbers, ReadOnlySpan<byte> text, ReadOnlySpan<byte> row)
    {
        Number = number;
        Key = key;
        Numbers = numbers;
        Copy(text, ref _text);
        Copy(row, ref _row);
        _textLength = text.Length;
        _rowLength = row.Length;
    }

    /// <summary>As whoever looks gets it.</summary>
    public WatchedFlow ToWatched() => new(
        Number, Numbers.First, Numbers.Last, Numbers.Packets, Numbers.Bytes, Numbers.Score, Numbers.Verdict, FlowText.Split(Text));

    /// <summary>Grows an array where it has to: rows of a run are about as long as each other, so that is rare.</summary>
    private static void Copy(ReadOnlySpan<byte> from, ref byte[] to)
    {
        if (to.Length < from.Length)
        {
            to = new byte[from.Length + (from.Length / 4)];
        }

        from.CopyTo(to);
    }
}
