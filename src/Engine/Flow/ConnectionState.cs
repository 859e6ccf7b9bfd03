namespace FlowMeter.Engine.Flow;

/// <summary>How a flow came about and ended, by Zeek's names (conn_state of its conn.log).</summary>
internal enum ConnectionState : byte
{
    /// <summary>S0: a SYN, or a first packet, that nobody answered.</summary>
    Unanswered,

    /// <summary>S1: established, and not closed.</summary>
    Established,

    /// <summary>SF: established and closed by both; of another protocol than TCP: answered.</summary>
    Finished,

    /// <summary>REJ: a SYN that was refused.</summary>
    Rejected,

    /// <summary>S2: closed by the originator alone.</summary>
    OriginatorClosed,

    /// <summary>S3: closed by the responder alone.</summary>
    ResponderClosed,

    /// <summary>RSTO: reset by the originator.</summary>
    OriginatorReset,

    /// <summary>RSTR: reset by the responder.</summary>
    ResponderReset,

    /// <summary>RSTOS0: a SYN and then a RST of the originator; nothing came from the responder.</summary>
    OriginatorResetUnanswered,

    /// <summary>RSTRH: the responder answered and reset; the originator's SYN was not seen.</summary>
    ResponderResetHalf,

    /// <summary>SH: a SYN and then a FIN of the originator; nothing came from the responder.</summary>
    OriginatorHalf,

    /// <summary>SHR: the responder answered and closed; the originator's SYN was not seen.</summary>
    ResponderHalf,

    /// <summary>OTH: how it began was not seen.</summary>
    Other,
}
