namespace FlowMeter.Engine.Scoring;

/// <summary>The spelling of a <see cref="VerdictBasis"/> in tables: <c>flow</c>, <c>host</c> or nothing.</summary>
public static class VerdictBasisText
{
    /// <summary>A basis as UTF-8.</summary>
    public static ReadOnlySpan<byte> Utf8(VerdictBasis basis) => basis switch
    {
        VerdictBasis.Flow => "flow"u8,
        VerdictBasis.Host => "host"u8,
        _ => [],
    };
}
