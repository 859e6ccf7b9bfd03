using System.Text;
using FlowMeter.Engine.Flow;

namespace FlowMeter.Engine.Scoring;

/// <summary>The spelling of a verdict in tables: <c>benign</c>, <c>malicious</c> or <c>undecided</c>.</summary>
public static class VerdictText
{
    /// <summary>All verdicts, in the order in which outputs have them.</summary>
    public static IReadOnlyList<Verdict> All { get; } = [Verdict.Benign, Verdict.Malicious, Verdict.Undecided];

    /// <summary>A verdict as UTF-8.</summary>
    public static ReadOnlySpan<byte> Utf8(Verdict verdict) => verdict switch
    {
        Verdict.Malicious => "malicious"u8,
        Verdict.Benign => "benign"u8,
        _ => "undecided"u8,
    };

    /// <summary>The same as text.</summary>
    public static string Name(Verdict verdict) => Encoding.UTF8.GetString(Utf8(verdict));

    /// <summary>The verdict of a field of a table; any other text is undecided.</summary>
    public static Verdict Parse(ReadOnlySpan<byte> field) =>
        field.SequenceEqual(Utf8(Verdict.Benign)) ? Verdict.Benign
        : field.SequenceEqual(Utf8(Verdict.Malicious)) ? Verdict.Malicious
        : Verdict.Undecided;
}
