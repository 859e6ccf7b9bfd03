using System.Net;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Cli.Options;

/// <summary>The metering options as they were typed; null where one was not given.</summary>
internal sealed record MeteringChoices
{
    /// <summary>The model path that asks for no model at all; a file of that name is ./none.</summary>
    public const string NoModel = "none";

    /// <summary>The name of the profile.</summary>
    public required string? Profile { get; init; }

    /// <summary>The model: a path, <see cref="NoModel"/>, or the name of the one inside.</summary>
    public required string? ModelPath { get; init; }

    /// <summary>Where scores become verdicts, in place of the model's thresholds.</summary>
    public ScoreBand? Threshold { get; init; }

    /// <summary>What false alarms may cost, in place of the model's threshold.</summary>
    public Budget? Budget { get; init; }

    /// <summary>Features that explain each score; 0 for none.</summary>
    public int Explain { get; init; }

    /// <summary>The packet of a flow at which it is scored.</summary>
    public required int? DecideAfter { get; init; }

    /// <summary>Nanoseconds without a packet after which a flow ends.</summary>
    public required long? IdleTimeout { get; init; }

    /// <summary>Nanoseconds after its first packet at which a flow ends.</summary>
    public required long? ActiveTimeout { get; init; }

    /// <summary>Packets of a flow at least; others are left out.</summary>
    public required long? MinPackets { get; init; }

    /// <summary>Live flows at most.</summary>
    public required long? MaxFlows { get; init; }

    /// <summary>Bytes of all packet histories at most.</summary>
    public required long? MaxHistory { get; init; }

    /// <summary>The text of a column of its own, the same in every row.</summary>
    public required string? Label { get; init; }

    /// <summary>Whether there is a column for the Community ID.</summary>
    public required bool CommunityId { get; init; }

    /// <summary>Whether there is a column for the state of the connection.</summary>
    public bool ConnectionState { get; init; }

    /// <summary>Whether there are columns for the names of flows.</summary>
    public bool Names { get; init; }

    /// <summary>The file with the key that addresses and names are replaced under; null: they stay.</summary>
    public string? AnonymizeKey { get; init; }

    /// <summary>Networks whose end of a flow is its source; none if empty.</summary>
    public required IReadOnlyList<IPNetwork> LocalNets { get; init; }

    /// <summary>Whether tunnels are metered by the packet inside.</summary>
    public required bool Decapsulate { get; init; }

    /// <summary>UDP ports of tunnels, in place of those of their kinds.</summary>
    public required IReadOnlyList<(TunnelKind Kind, ushort Port)> TunnelPorts { get; init; }

    /// <summary>The name of the table's format; null: by the ending of its name.</summary>
    public string? Format { get; init; }

    /// <summary>Whether JSON has the names of the Elastic Common Schema.</summary>
    public bool UsesElasticNames { get; init; }

    /// <summary>The private enterprise number of IPFIX; null: the one for documentation.</summary>
    public long? IpfixEnterprise { get; init; }

    /// <summary>Whether IPFIX has a record for each direction of a flow.</summary>
    public bool HasUniflows { get; init; }

    /// <summary>Threads that meter.</summary>
    public required int? Workers { get; init; }
}
