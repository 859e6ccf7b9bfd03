using System.Text;
using FlowMeter.Learning.Data;

namespace FlowMeter.Report.Statistics;

/// <summary>
/// The flows of a table with the highest scores, each with its neighbours: the rows just before and behind it, which ended just before and
/// after it. One pass; a row costs a copy of a few fields.
/// </summary>
/// <param name="roles">The columns of the table.</param>
internal sealed class HighestScores(ColumnRoles roles)
{
    /// <summary>Flows that are kept.</summary>
    public const int Flows = 5;

    /// <summary>Neighbours on either side that are kept with each.</summary>
    public const int Neighbours = 2;

    private readonly int[] _places =
    [
        roles.Time, roles.Source, roles.SourcePort, roles.Destination, roles.Port, roles.Score, roles.Verdict, roles.Explanation,
    ];

    private readonly Copy[] _last = [.. Enumerable.Range(0, Neighbours).Select(_ => new Copy())];
    private readonly List<Kept> _kept = [];
    private long _rows;

    /// <summary>Whether the table explains its scores.</summary>
    public bool IsThere => roles.Score >= 0 && roles.Explanation >= 0;

    /// <summary>The flows in the order of the table, each among its neighbours; highest score first, the first of equal ones.</summary>
    public IReadOnlyList<(ExplainedFlow Flow, IReadOnlyList<ExplainedFlow> Around)> Top =>
        [.. _kept.Select(kept => (kept.Flow, (IReadOnlyList<ExplainedFlow>)[.. kept.Before, kept.Flow, .. kept.After]))];

    /// <summary>Takes the row that the table is at.</summary>
    public void Add(FlowTableReader table)
    {
        if (!IsThere)
        {
            return;
        }

        _rows++;
        ExplainedFlow? flow = null;
        foreach (Kept kept in _kept.Where(kept => kept.After.Count < Neighbours))
        {
            kept.After.Add(flow ??= Read(table));
        }

        if (NumberText.TryParse(table.Field(roles.Score), out double score) && (_kept.Count < Flows || score > _kept[^1].Flow.Score))
        {
            if (_kept.Count == Flows)
            {
                _kept.RemoveAt(Flows - 1);
            }

            int at = _kept.FindIndex(kept => kept.Flow.Score < score);
            ExplainedFlow[] before = [.. Enumerable.Range(1, Neighbours).Reverse().Where(back => _rows > back)
                .Select(back => _last[(_rows - back) % Neighbours].ToFlow(_rows - back))];
            _kept.Insert(at < 0 ? _kept.Count : at, new Kept(flow ?? Read(table), before, []));
        }

        _last[_rows % Neighbours].Take(table, _places);
    }

    private ExplainedFlow Read(FlowTableReader table)
    {
        Copy copy = new();
        copy.Take(table, _places);
        return copy.ToFlow(_rows);
    }

    private sealed record Kept(ExplainedFlow Flow, IReadOnlyList<ExplainedFlow> Before, List<ExplainedFlow> After);

    /// <summary>The fields of a row, in a buffer that is used again.</summary>
    private sealed class Copy
    {
        private readonly List<int> _ends = [];
        private byte[] _bytes = new byte[256];

        public void Take(FlowTableReader table, int[] places)
        {
            _ends.Clear();
            int length = 0;
            foreach (int place in places)
            {
                ReadOnlySpan<byte> field = place < 0 ? [] : table.Field(place);
                if (length + field.Length > _bytes.Length)
                {
                    Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, length + field.Length));
                }

                field.CopyTo(_bytes.AsSpan(length));
                length += field.Length;
                _ends.Add(length);
            }
        }

        public ExplainedFlow ToFlow(long row)
        {
            string Text(int field) => Encoding.UTF8.GetString(_bytes.AsSpan((field == 0 ? 0 : _ends[field - 1]).._ends[field]));
            string End(int field) => Text(field + 1) is { Length: > 0 } port ? $"{Text(field)}:{port}" : Text(field);
            _ = NumberText.TryParse(Encoding.UTF8.GetBytes(Text(5)), out double score);
            return new ExplainedFlow(row, Text(0), End(1), End(3), score, Text(6), Text(7));
        }
    }
}
