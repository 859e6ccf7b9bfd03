using System.Globalization;
using System.Text;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Scoring;
using FlowMeter.Engine.Text;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Queries;

/// <summary>Makes a condition of a column, a comparison and what was written behind it.</summary>
internal static class QueryValue
{
    private const int DayLength = 10;
    private const long Day = 86_400 * CaptureTime.Second;

    /// <summary>The condition.</summary>
    /// <param name="column">The column.</param>
    /// <param name="comparison">How it is compared.</param>
    /// <param name="value">A word or text in quotes.</param>
    /// <exception cref="QueryException">The column has no such values.</exception>
    public static Condition Compare(QueryColumn column, Comparison comparison, QueryToken value) =>
        column.IsProtocol && comparison == Comparison.Equal && ProtocolOf(Encoding.UTF8.GetBytes(value.Text)) is { } protocol
            ? new AnyCondition(
                [new NumberCondition(column, comparison, protocol), new TextCondition(column, value.Text, ignoresCase: true)])
            : column.Kind switch
            {
                QueryKind.Number => new NumberCondition(column, comparison, NumberOf(column, value)),
                QueryKind.Time => Time(column, comparison, value) ?? throw value.Wrong(
                    $"{column.Name} is a time; write it as 2026-11-27 or 2026-11-27T10:00:00Z"),
                QueryKind.Address => Address(column, comparison, value) ?? throw value.Wrong(
                    $"{column.Name} is an address; write it as 10.1.2.3, 2001:db8::1 or 10.0.0.0/8"),
                QueryKind.Text => Text(column, comparison, value),
                _ => Any(column, comparison, value),
            };

    /// <summary>A value of a column about whose values nothing is known: it is what it looks like.</summary>
    private static Condition Any(QueryColumn column, Comparison comparison, QueryToken value)
    {
        if (value.Kind == QueryTokenKind.Quoted)
        {
            return comparison == Comparison.Equal ? new TextCondition(column, value.Text)
                : (Condition?)Time(column, comparison, value) ?? Text(column, comparison, value);
        }

        if (TryNumber(column, value.Text) is { } number)
        {
            return new NumberCondition(column, comparison, number);
        }

        return Quantity.Time(value.Text) != null
            ? throw value.Wrong($"the unit of {column.Name} is not known; write a number alone, or text in quotes")
            : (Condition?)(value.Text.AsSpan().IndexOfAny('.', ':') >= 0 ? Address(column, comparison, value, isSure: false) : null)
                ?? (Condition?)Time(column, comparison, value) ?? Text(column, comparison, value);
    }

    private static double NumberOf(QueryColumn column, QueryToken value) =>
        (value.Kind == QueryTokenKind.Quoted ? null : TryNumber(column, value.Text)) ?? throw value.Wrong(
            column.IsProtocol ? $"no such protocol; write its number, or tcp, udp or icmp"
            : column.Seconds > 0 ? $"{column.Name} is a duration; write it as 5s, 2m or 1.5h, or as a number in its unit"
            : $"{column.Name} is a number; write it as 443, 0.9, 10k{(column.IsBytes ? " or 64MB" : " or 90%")}");

    private static double? TryNumber(QueryColumn column, string text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && !double.IsNaN(number))
        {
            return number;
        }

        decimal? value = column.Seconds > 0 ? Quantity.Time(text) / (decimal)column.Seconds
            : column.IsBytes ? Quantity.Size(text)
            : Quantity.Count(text) ?? Quantity.Share(text);
        return (double?)value;
    }

    private static TimeCondition? Time(QueryColumn column, Comparison comparison, QueryToken value)
    {
        if (TableTime.Parse(Encoding.UTF8.GetBytes(value.Text)) is not { } time)
        {
            return null;
        }

        bool isDay = value.Text.Length == DayLength
            && DateOnly.TryParseExact(value.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
        return new TimeCondition(column, comparison, time, isDay ? time + Day - 1 : time);
    }

    private static AddressCondition? Address(QueryColumn column, Comparison comparison, QueryToken value, bool isSure = true)
    {
        int slash = value.Text.IndexOf('/');
        string written = slash < 0 ? value.Text : value.Text[..slash];
        if (!AddressValue.TryParse(Encoding.UTF8.GetBytes(written), out AddressValue address))
        {
            return null;
        }

        if (comparison != Comparison.Equal)
        {
            throw value.Wrong("an address is equal to another one or in a network; write ==, != or in");
        }

        int prefix = address.Length;
        if (slash >= 0 && (!int.TryParse(value.Text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out prefix)
            || prefix > address.Length))
        {
            return isSure ? throw value.Wrong($"a prefix is a number from 0 to {address.Length}") : null;
        }

        return prefix == address.Length || (address.Bits << (128 - address.Length + prefix)) == UInt128.Zero
            || !isSure ? new AddressCondition(column, address, prefix)
            : throw value.Wrong("has bits set behind its prefix; write the network, or the address alone");
    }

    private static TextCondition Text(QueryColumn column, Comparison comparison, QueryToken value)
    {
        if (comparison != Comparison.Equal)
        {
            throw value.Wrong($"{column.Name} is text, which is not less or greater; write ==, !=, ~ or in");
        }

        string[] verdicts = [.. VerdictText.All.Select(VerdictText.Name)];
        return column is not { Name: "verdict", Kind: QueryKind.Text } || verdicts.Contains(value.Text)
            ? new TextCondition(column, value.Text)
            : throw new QueryException($"{value.Text}: no such verdict, only {string.Join(", ", verdicts)}", value.At, value.Length)
            {
                Unknown = value.Text,
                Known = verdicts,
            };
    }

    internal static byte? ProtocolOf(ReadOnlySpan<byte> keyword)
    {
        for (byte number = 1; number < byte.MaxValue; number++)
        {
            ReadOnlySpan<byte> known = ProtocolKeyword.Of(number);
            if (!known.IsEmpty && Ascii.EqualsIgnoreCase(known, keyword))
            {
                return number;
            }
        }

        return null;
    }
}
