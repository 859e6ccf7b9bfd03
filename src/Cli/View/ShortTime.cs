using System.Globalization;
using FlowMeter.Learning.Data;

namespace FlowMeter.Cli.View;

/// <summary>Instants as people read them, in UTC: with the date where there is room, to the second.</summary>
internal static class ShortTime
{
    /// <summary>The columns that a time takes at least.</summary>
    public const int Narrowest = 8;

    private const int WithDay = 14;
    private const int WithYear = 19;

    /// <summary>The widths that it fits, where a line has an edge.</summary>
    public static IReadOnlyList<int> Widths { get; } = [WithDay, Narrowest];

    /// <summary>A time as it fits a width; a value that is none as it is.</summary>
    public static string From(ReadOnlySpan<byte> value, int width, bool hasUnicode) =>
        TableTime.Parse(value) is { } time
            ? DateTime.UnixEpoch.AddTicks(time / TimeSpan.NanosecondsPerTick).ToString(
                width >= WithYear ? "yyyy-MM-dd HH:mm:ss" : width >= WithDay ? "MM-dd HH:mm:ss" : "HH:mm:ss", CultureInfo.InvariantCulture)
            : CellText.From(value, hasUnicode);
}
