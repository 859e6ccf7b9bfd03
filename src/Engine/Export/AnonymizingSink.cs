using FlowMeter.Engine.Anonymization;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Names;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Engine.Export;

/// <summary>Hands flows to another sink, which becomes its own, with other addresses and names.</summary>
internal sealed unsafe class AnonymizingSink(AnonymizationKey key, IFlowSink sink) : IFlowSink
{
    private const int AddressWords = 4;

    private readonly AddressAnonymizer _addresses = new(key);
    private readonly NameAnonymizer _names = new(key);
    private readonly ulong[] _kept = new ulong[FlowRecordBlock.Capacity * AddressWords];

    /// <inheritdoc/>
    public void Write(FlowRecordBlock records, BlockScorer? scores)
    {
        for (int i = 0; i < records.Count; i++)
        {
            Addresses(records.Header(i)).CopyTo(_kept.AsSpan(i * AddressWords));
            _addresses.Replace(ref records.Header(i)->Key);
            if (records.Columns.Layout.Names is { } names && records.AnnotationsOf(i)->Names.Record is not NameArena.None and var record)
            {
                _names.Replace(ref *names[record]);
            }
        }

        sink.Write(records, scores);
        for (int i = 0; i < records.Count; i++)
        {
            _kept.AsSpan(i * AddressWords, AddressWords).CopyTo(Addresses(records.Header(i)));
        }
    }

    /// <inheritdoc/>
    public void LeaveOut(FlowHeader* header, long block, int waiting)
    {
        FlowHeader other = *header;
        _addresses.Replace(ref other.Key);
        sink.LeaveOut(&other, block, waiting);
    }

    /// <inheritdoc/>
    public void Flush() => sink.Flush();

    /// <inheritdoc/>
    public void Dispose() => sink.Dispose();

    /// <summary>The addresses of both endpoints, at the beginning of the key.</summary>
    private static Span<ulong> Addresses(FlowHeader* header) => new(header, AddressWords);
}
