using FlowMeter.Learning.Data;

namespace FlowMeter.Report.Statistics;

/// <summary>
/// The flows of a table that should be looked at first: malicious ones before undecided ones, and each by score. One pass; a row that is
/// not among the worst costs two comparisons.
/// </summary>
/// <param name="roles">The columns of the table.</param>
internal sealed class FlowsToLookAt(ColumnRoles roles)
{
    /// <summary>Flows that are kept.</summary>
    public const int Flows = 25;

    private const int MaxText = 300;

    private readonly int[] _places =
    [
        roles.Time, roles.Source, roles.SourcePort, roles.Destination, roles.Port, roles.Protocol, roles.Score, roles.Verdict,
        roles.VerdictBy, roles.Explanation, roles.State, roles.ServerName, roles.CommunityId,
    ];

    private readonly PriorityQueue<SuspectFlow, (int Rank, double Score, long Row)> _worst = new();
    private long _rows;

    /// <summary>What is kept of a row, in this order.</summary>
    internal enum Field
    {
        /// <summary>When it began.</summary>
        Time,

        /// <summary>The source's address.</summary>
        Source,

        /// <summary>Its port.</summary>
        SourcePort,

        /// <summary>The destination's address.</summary>
        Destination,

        /// <summary>Its port.</summary>
        Port,

        /// <summary>The protocol.</summary>
        Protocol,

        /// <summary>The score.</summary>
        Score,

        /// <summary>The verdict.</summary>
        Verdict,

        /// <summary>What the verdict rests on.</summary>
        VerdictBy,

        /// <summary>What pushed the score.</summary>
        Explanation,

        /// <summary>The state of the connection.</summary>
        State,

        /// <summary>The name of the server.</summary>
        ServerName,

        /// <summary>The Community ID.</summary>
        CommunityId,
    }

    /// <summary>The worst first; the first of equal ones.</summary>
    public IReadOnlyList<SuspectFlow> Worst =>
        [.. _worst.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element)];

    /// <summary>Takes the row that the table is at.</summary>
    /// <param name="table">The table.</param>
    /// <param name="verdict">The number of its verdict: 0 benign, 1 undecided, 2 malicious.</param>
    public void Add(FlowTableReader table, int verdict)
    {
        _rows++;
        if (verdict == 0)
        {
            return;
        }

        _ = NumberText.TryParse(roles.Score < 0 ? [] : table.Field(roles.Score), out double score);
        (int, double, long) priority = (verdict, double.IsFinite(score) ? score : 0, -_rows);
        if (_worst.Count == Flows)
        {
            _ = _worst.TryPeek(out _, out (int Rank, double Score, long Row) least);
            if (priority.CompareTo(least) < 0)
            {
                return;
            }

            _ = _worst.Dequeue();
        }

        _worst.Enqueue(new SuspectFlow(_rows, Array.ConvertAll(_places, place => TextOf(table, place))), priority);
    }

    private static string TextOf(FlowTableReader table, int place)
    {
        string text = place < 0 ? "" : table.Text(place);
        return text.Length > MaxText ? text[..MaxText] + "…" : text;
    }
}
