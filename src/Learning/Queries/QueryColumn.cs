using System.Buffers.Text;
using FlowMeter.Engine.Features;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Queries;

/// <summary>A column of a table as an expression knows it.</summary>
/// <param name="Number">Its number in the table, from 0; <see cref="RowNumber"/> for that of the row.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What its values are.</param>
public sealed record QueryColumn(int Number, string Name, QueryKind Kind)
{
    /// <summary>The column of row numbers, which no table has.</summary>
    public const int RowNumber = -1;

    /// <summary>The seconds that its unit is worth, where it is a duration; 0 for everything else.</summary>
    public double Seconds { get; init; }

    /// <summary>Where a table of ours takes its values from; null for a column that none has.</summary>
    public ColumnSource? Source { get; init; }

    /// <summary>Whether it counts bytes.</summary>
    public bool IsBytes { get; init; }

    /// <summary>Whether its numbers are those of IP protocols.</summary>
    public bool IsProtocol { get; init; }

    /// <summary>Its value in a row, as UTF-8, valid until the next row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="room">Room for 20 bytes, which a row number takes.</param>
    public ReadOnlySpan<byte> ValueIn(FlowTableReader row, Span<byte> room)
    {
        if (Number != RowNumber)
        {
            return row.Field(Number);
        }

        _ = Utf8Formatter.TryFormat(row.Rows, room, out int length);
        return room[..length];
    }
}
