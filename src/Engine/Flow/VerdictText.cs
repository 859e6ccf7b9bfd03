using System.Text;

namespace FlowMeter.Engine.Flow;

/// <summary>How verdicts are spelled in every output (SPEC §4).</summary>
public static class VerdictText
{
    /// <summary>All verdicts, in the order in which outputs have them.</summary>
    public static IReadOnlyList<Verdict> All { get; } = [Verdict.Benign, Verdict.Malicious, Verdict.Undecided];

    /// <summary>The word for a verdict, ASCII.</summary>
    public static ReadOnlySpan<byte> Bytes(Verdict verdict) => verdict switch
    {
        Verdict.Malicious => "malicious"u8,
        Verdict.Benign => "benign"u8,
        _ => "undecided"u8,
    };

    /// <summary>The word for a verdict.</summary>
    public static string Name(Verdict verdict) => Encoding.ASCII.GetString(Bytes(verdict));
}
