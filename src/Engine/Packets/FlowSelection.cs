using System.Globalization;
using System.Text;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Text;

namespace FlowMeter.Engine.Packets;

/// <summary>
/// The flows whose packets are wanted: by the number of their row, counted from 1 in the order in which flows end, or by their Community
/// ID. Rows have numbers only where one worker meters and keeps the order.
/// </summary>
public sealed unsafe class FlowSelection
{
    private const int MaxDescribed = 10;

    private readonly Lock _lock = new();
    private readonly HashSet<long> _rows;
    private readonly Dictionary<string, long> _ids;
    private readonly List<string> _described = [];
    private TimestampText _times;
    private long _row;

    /// <summary>Takes note of what is wanted.</summary>
    /// <param name="rows">Numbers of rows, from 1.</param>
    /// <param name="communityIds">Community IDs, as the column has them.</param>
    public FlowSelection(IEnumerable<long> rows, IEnumerable<string> communityIds)
    {
        _rows = [.. rows];
        _ids = communityIds.Distinct().ToDictionary(id => id, _ => 0L);
    }

    /// <summary>Flows that came out.</summary>
    public long Flows => _row;

    /// <summary>Flows that are wanted and came out.</summary>
    public long Found { get; private set; }

    /// <summary>The first of them: row, ends, protocol and beginning.</summary>
    public IReadOnlyList<string> Described => _described;

    /// <summary>The rows and IDs that no flow has.</summary>
    public IEnumerable<string> Missing => _rows.Where(row => row > _row).Order().Select(row => row.ToString(CultureInfo.InvariantCulture))
        .Concat(_ids.Where(id => id.Value == 0).Select(id => id.Key));

    /// <summary>The Community IDs that several flows have, with their number.</summary>
    public IEnumerable<(string Id, long Flows)> Repeated => _ids.Where(id => id.Value > 1).Select(id => (id.Key, id.Value));

    /// <summary>Whether a flow that comes out is wanted. To be asked once for each.</summary>
    internal bool Take(FlowHeader* header)
    {
        lock (_lock)
        {
            _row++;
            bool isWanted = _rows.Contains(_row);
            if (_ids.Count > 0)
            {
                Span<byte> id = stackalloc byte[CommunityId.Length];
                string text = Encoding.ASCII.GetString(id[..CommunityId.Write(id, in header->Key)]);
                if (_ids.TryGetValue(text, out long count))
                {
                    _ids[text] = count + 1;
                    isWanted = true;
                }
            }

            if (isWanted)
            {
                Found++;
                if (_described.Count < MaxDescribed)
                {
                    _described.Add(Describe(header));
                }
            }

            return isWanted;
        }
    }

    private string Describe(FlowHeader* header)
    {
        byte* text = stackalloc byte[RowText.MaxLength];
        bool forwardIsB = FlowIdText.ForwardIsB(header);
        string source = Text(text, FlowIdText.WriteAddress(text, header, forwardIsB));
        string sourcePort = Text(text, FlowIdText.WritePort(text, header, forwardIsB));
        string destination = Text(text, FlowIdText.WriteAddress(text, header, !forwardIsB));
        string destinationPort = Text(text, FlowIdText.WritePort(text, header, !forwardIsB));
        string begins = Text(text, _times.Write(text, header->First));
        ReadOnlySpan<byte> keyword = ProtocolKeyword.Of(header->Key.Protocol);
        string protocol = keyword.IsEmpty ? $"protocol {header->Key.Protocol}" : Encoding.ASCII.GetString(keyword);
        return string.Create(CultureInfo.InvariantCulture, $"row {_row}: {protocol} from {source} port {sourcePort} to {destination} port "
            + $"{destinationPort}, begins {begins}");
    }

    private static string Text(byte* from, byte* end) => Encoding.ASCII.GetString(from, (int)(end - from));
}
