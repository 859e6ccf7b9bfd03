using System.Net;
using FlowMeter.Cli.Options;
using FlowMeter.Engine.Brokers;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Output;
using FlowMeter.Native;

namespace FlowMeter.Cli.Capture;

/// <summary>What was typed behind <c>flowmeter capture</c>; null where an option was not given.</summary>
internal sealed record CaptureChoices
{
    /// <summary>Interfaces by name, each once.</summary>
    public required IReadOnlyList<string> Interfaces { get; init; }

    /// <summary>Where the table goes: a file, whose name may have the time, a pipe, or - for standard output.</summary>
    public required string Output { get; init; }

    /// <summary>The broker that the table is published to, in place of an output; null: none.</summary>
    public BrokerAddress? To { get; init; }

    /// <summary>Where messages wait for the broker; null: in memory.</summary>
    public SpoolPlace? Spool { get; init; }

    /// <summary>The collector that the table goes to, in place of an output; null: none.</summary>
    public CollectorAddress? Collector { get; init; }

    /// <summary>When outputs begin their next file.</summary>
    public required Rotation Rotation { get; init; }

    /// <summary>A BPF expression that packets must match.</summary>
    public required string? Filter { get; init; }

    /// <summary>Which packets, seen from this machine.</summary>
    public required CaptureDirection Direction { get; init; }

    /// <summary>Bytes kept of a packet.</summary>
    public required int? SnapLength { get; init; }

    /// <summary>Bytes of the kernel's ring, of each handle.</summary>
    public required int BufferBytes { get; init; }

    /// <summary>Whether packets addressed to others are captured.</summary>
    public required bool IsPromiscuous { get; init; }

    /// <summary>Whether packets are taken from the driver by AF_XDP.</summary>
    public bool IsXdp { get; init; }

    /// <summary>Whether they are, also on the interface that this machine reaches others by.</summary>
    public bool IsXdpForced { get; init; }

    /// <summary>Whether each worker is tied to a processor of its own.</summary>
    public required bool IsPinned { get; init; }

    /// <summary>After which time the capture ends; null for no end.</summary>
    public required TimeSpan? Duration { get; init; }

    /// <summary>After how many packets the capture ends; null for no end.</summary>
    public required long? Count { get; init; }

    /// <summary>How often a line of counters is printed; null for never.</summary>
    public required TimeSpan? StatisticsPeriod { get; init; }

    /// <summary>Where counters are served for Prometheus.</summary>
    public required IPEndPoint? Metrics { get; init; }

    /// <summary>Where a page about the run is served; null: nowhere.</summary>
    public required IPEndPoint? Page { get; init; }

    /// <summary>The file that has the page's token.</summary>
    public required string? PageTokenFile { get; init; }

    /// <summary>The user to become.</summary>
    public required string? User { get; init; }

    /// <summary>Where the table of hosts goes.</summary>
    public required string? Hosts { get; init; }

    /// <summary>Where packets go that no verdict clears.</summary>
    public required string? Suspicious { get; init; }

    /// <summary>Whether packets that are written or sent have no payload.</summary>
    public bool HeadersOnly { get; init; }

    /// <summary>Where packets go that came after the verdict benign.</summary>
    public required string? Benign { get; init; }

    /// <summary>The interface that suspicious packets are sent out of.</summary>
    public required string? ForwardTo { get; init; }

    /// <summary>Where the counters go at the end, as JSON.</summary>
    public required string? Summary { get; init; }

    /// <summary>Whether the run gives up what it does not need.</summary>
    public required bool IsSandboxed { get; init; }

    /// <summary>Whether only errors and warnings are told.</summary>
    public required bool Quiet { get; init; }

    /// <summary>What is metered and how.</summary>
    public required MeteringChoices Metering { get; init; }

    /// <summary>The first of the options that send packets somewhere; null if none was given.</summary>
    public string? RoutingOption =>
        Suspicious != null ? "--write-suspicious" : Benign != null ? "--write-benign" : ForwardTo != null ? "--forward-to" : null;

    /// <summary>Whether the table is a series of files, by time or by size, as of a capture that is to go on without a terminal.</summary>
    public bool HasManyFiles => To == null && Collector == null && ResilientOutput.HasManyFiles(Output, Rotation);

    /// <summary>What is written.</summary>
    public IReadOnlyList<NamedOutput> Outputs => NamedOutput.Given(
        ("-o", To == null && Collector == null ? Output : null, "the table's file"),
        ("--spool", Spool == null ? null : Path.Join(Spool.Folder, "0.spool"), "the spool"),
        ("--hosts", Hosts, "the hosts' file"),
        ("--summary", Summary, "the summary's file"),
        ("--write-suspicious", Suspicious, "the suspicious packets' file"),
        ("--write-benign", Benign, "the benign packets' file"));
}
