namespace FlowMeter.Engine.Flow;

/// <summary>
/// What a flow's annotations know already: a byte beside its key, so that most packets need not touch the annotations, which are a cache
/// line and a page of their own.
/// </summary>
[Flags]
internal enum Settled : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Only a SYN, FIN or RST of endpoint A changes the state of the connection.</summary>
    StateOfA = 1,

    /// <summary>The same of endpoint B.</summary>
    StateOfB = 2,

    /// <summary>No packet of endpoint A is read for names any more.</summary>
    NamesOfA = 4,

    /// <summary>The same of endpoint B.</summary>
    NamesOfB = 8,

    /// <summary>There was payload.</summary>
    Data = 16,
}
