using System.Text;

namespace FlowMeter.Engine.Flow;

/// <summary>How connection states are spelled in every output: as in Zeek's conn.log.</summary>
public static class ConnectionStateText
{
    /// <summary>The names of all states.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Enum.GetValues<ConnectionState>().Select(state => Encoding.ASCII.GetString(Utf8(state)))];

    /// <summary>The name of a state as UTF-8.</summary>
    internal static ReadOnlySpan<byte> Utf8(ConnectionState state) => state switch
    {
        ConnectionState.Unanswered => "S0"u8,
        ConnectionState.Established => "S1"u8,
        ConnectionState.Finished => "SF"u8,
        ConnectionState.Rejected => "REJ"u8,
        ConnectionState.OriginatorClosed => "S2"u8,
        ConnectionState.ResponderClosed => "S3"u8,
        ConnectionState.OriginatorReset => "RSTO"u8,
        ConnectionState.ResponderReset => "RSTR"u8,
        ConnectionState.OriginatorResetUnanswered => "RSTOS0"u8,
        ConnectionState.ResponderResetHalf => "RSTRH"u8,
        ConnectionState.OriginatorHalf => "SH"u8,
        ConnectionState.ResponderHalf => "SHR"u8,
        _ => "OTH"u8,
    };
}
