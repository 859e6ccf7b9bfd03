using System.Buffers.Text;
using System.Globalization;
using FlowMeter.Engine.Text;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Queries;

/// <summary>The columns that a table of groups has behind those of the groups, as far as the table of flows has what they sum up.</summary>
internal sealed class GroupColumns
{
    private readonly FlowFields _flow;
    private TimestampText _times;

    /// <summary>Looks at what the table has.</summary>
    public GroupColumns(FlowFields flow)
    {
        _flow = flow;
        List<QueryColumn> columns = [Number("flows")];
        if (flow.Packets.Count > 0)
        {
            columns.Add(Number("packets"));
        }

        if (flow.Bytes.Count > 0)
        {
            columns.Add(Number("bytes") with { IsBytes = true });
        }

        if (HasBothWays)
        {
            columns.Add(Number("fwd_bytes") with { IsBytes = true });
            columns.Add(Number("bwd_bytes") with { IsBytes = true });
        }

        if (flow.StartTime >= 0)
        {
            columns.Add(new QueryColumn(QueryColumn.RowNumber, "first_time", QueryKind.Time));
            columns.Add(new QueryColumn(QueryColumn.RowNumber, "last_time", QueryKind.Time));
        }

        if (flow.Verdict >= 0)
        {
            columns.Add(Number("malicious"));
        }

        All = columns;
    }

    /// <summary>The columns.</summary>
    public IReadOnlyList<QueryColumn> All { get; }

    private bool HasBothWays => _flow.ForwardBytes >= 0 && _flow.BackwardBytes >= 0;

    /// <summary>What a row adds to its group.</summary>
    public GroupSums SumsOf(FlowTableReader row)
    {
        GroupSums sums = GroupSums.Empty with
        {
            Flows = 1,
            Packets = Sum(row, _flow.Packets),
            Bytes = Sum(row, _flow.Bytes),
            Malicious = _flow.Verdict >= 0 && GroupSums.IsMalicious(row.Field(_flow.Verdict)) ? 1 : 0,
        };
        if (HasBothWays)
        {
            sums.ForwardBytes = Whole(row.Field(_flow.ForwardBytes));
            sums.BackwardBytes = Whole(row.Field(_flow.BackwardBytes));
        }

        if (_flow.StartTime >= 0 && TableTime.Parse(row.Field(_flow.StartTime)) is { } start)
        {
            sums.FirstTime = start;
            sums.LastTime = Math.Max(start, _flow.EndTime < 0 ? start : TableTime.Parse(row.Field(_flow.EndTime)) ?? start);
        }

        return sums;
    }

    /// <summary>Appends the values of a group to its row, in the order of <see cref="All"/>.</summary>
    public void Write(in GroupSums sums, FieldRow to)
    {
        Add((UInt128)sums.Flows, to);
        if (_flow.Packets.Count > 0)
        {
            Add(sums.Packets, to);
        }

        if (_flow.Bytes.Count > 0)
        {
            Add(sums.Bytes, to);
        }

        if (HasBothWays)
        {
            Add(sums.ForwardBytes, to);
            Add(sums.BackwardBytes, to);
        }

        if (_flow.StartTime >= 0)
        {
            AddTime(sums.FirstTime, to);
            AddTime(sums.LastTime, to);
        }

        if (_flow.Verdict >= 0)
        {
            Add((UInt128)sums.Malicious, to);
        }
    }

    private static QueryColumn Number(string name) => new(QueryColumn.RowNumber, name, QueryKind.Number);

    private static UInt128 Sum(FlowTableReader row, IReadOnlyList<int> columns)
    {
        UInt128 sum = 0;
        for (int i = 0; i < columns.Count; i++)
        {
            sum += Whole(row.Field(columns[i]));
        }

        return sum;
    }

    /// <summary>A count of packets or bytes, to the next whole one; 0 for what is none.</summary>
    private static UInt128 Whole(ReadOnlySpan<byte> field) =>
        Utf8Parser.TryParse(field, out ulong whole, out int length) && length == field.Length ? whole
        : NumberText.TryParse(field, out double number) && NumberText.IsVolume(number) ? (UInt128)Math.Round(number)
        : UInt128.Zero;

    private static void Add(UInt128 value, FieldRow to)
    {
        Span<byte> text = stackalloc byte[40];
        _ = value.TryFormat(text, out int length, default, CultureInfo.InvariantCulture);
        to.Add(text[..length]);
    }

    private void AddTime(long time, FieldRow to)
    {
        Span<byte> text = stackalloc byte[TimestampText.MaxLength];
        to.Add(time is long.MaxValue or long.MinValue ? [] : text[.._times.Format(text, time)]);
    }
}
