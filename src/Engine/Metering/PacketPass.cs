using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Observe;

namespace FlowMeter.Engine.Metering;

/// <summary>
/// The second pass over captures: every frame is read again, follows the same flow rules, and gets the verdict of its whole flow, which the first pass has noted in a journal.
/// </summary>
public static class PacketPass
{
    /// <summary>Labels every frame of a source.</summary>
    /// <param name="source">The captures that were metered, unfiltered, from their start.</param>
    /// <param name="filter">What the metering process let through; null for everything.</param>
    /// <param name="options">How it metered.</param>
    /// <param name="journal">The flows that it noted; no flow may have ended for lack of resources.</param>
    /// <param name="output">Where the rows go.</param>
    /// <param name="stop">Ends the pass early.</param>
    /// <exception cref="CaptureException">The source can not be read, or its packets are not those that were metered.</exception>
    /// <exception cref="OutputException">The rows can not be written.</exception>
    public static void Run(IPacketSource source, FilteredSource? filter, MeteringOptions options, FlowJournal journal, RowOutput output, CancellationToken stop)
    {
        journal.Sort();
        using FlowFollower follower = new(options, journal);
        using PacketTable table = new(output);
        using PacketBatch batch = new();
        long frame = 0;
        while (!stop.IsCancellationRequested && source.TryFill(batch))
        {
            for (int i = 0; i < batch.Count; i++)
            {
                Label(++frame, batch, i, filter, follower, journal, table);
            }
        }

        table.Flush();
        if (!stop.IsCancellationRequested && journal.Unfound > 0)
        {
            throw Changed(frame);
        }
    }

    private static void Label(long frame, PacketBatch batch, int i, FilteredSource? filter, FlowFollower follower, FlowJournal journal, PacketTable table)
    {
        long time = batch.TimeOf(i);
        if (filter?.Matches(batch, i) == false)
        {
            table.WriteOutside(frame, time, "filter"u8);
            return;
        }

        follower.Take(batch, i);
        if (!follower.HasFlow)
        {
            table.WriteOutside(frame, time, NameOf(follower.Fate));
            return;
        }

        long number = follower.Number;
        if (number < 0)
        {
            throw Changed(frame);
        }

        if (journal.IsLeftOut(number))
        {
            table.WriteOutside(frame, time, "min_packets"u8);
        }
        else
        {
            table.Write(frame, time, follower, journal.VerdictOf(number), journal.ScoreOf(number));
        }
    }

    private static ReadOnlySpan<byte> NameOf(FrameFate fate) => fate switch
    {
        FrameFate.NonIp => "non_ip"u8,
        FrameFate.Truncated => "truncated"u8,
        FrameFate.Malformed => "malformed"u8,
        FrameFate.UnsupportedLinkType => "unsupported_linktype"u8,

        // Metered, and yet in no flow: the profile leaves it out.
        _ => "profile"u8,
    };

    private static CaptureException Changed(long frame) => new(
        $"frame {frame}: the second pass finds other flows than the first; the files changed meanwhile, or their frames are more than 10 s out of order. The table of flows is whole, that of packets is not.");
}
