namespace FlowMeter.Engine.Watch;

/// <summary>The texts of a kept flow that lists show and a search looks at.</summary>
public enum FlowTextField
{
    /// <summary>Address of the forward end.</summary>
    Source,

    /// <summary>Its port.</summary>
    SourcePort,

    /// <summary>Address of the other end.</summary>
    Destination,

    /// <summary>Its port.</summary>
    DestinationPort,

    /// <summary>The protocol's keyword at IANA, or its number.</summary>
    Protocol,

    /// <summary>The verdict.</summary>
    Verdict,

    /// <summary>Why it ended.</summary>
    EndReason,

    /// <summary>The state of its connection, where that is asked for.</summary>
    State,

    /// <summary>The application protocol, where names are asked for.</summary>
    Application,

    /// <summary>The server that the client asked for, likewise.</summary>
    ServerName,

    /// <summary>What the forward end was called, likewise.</summary>
    SourceName,

    /// <summary>What the other end was called, likewise.</summary>
    DestinationName,

    /// <summary>The features that pushed the score most.</summary>
    Explanation,
}
