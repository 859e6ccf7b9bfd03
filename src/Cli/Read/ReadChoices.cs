using System.Net;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.View;
using FlowMeter.Engine.Brokers;
using FlowMeter.Engine.Export;

namespace FlowMeter.Cli.Read;

/// <summary>What was typed behind <c>flowmeter read</c>; null where an option was not given.</summary>
internal sealed record ReadChoices
{
    /// <summary>Captures in the order in which they are read; - is standard input.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Where the table goes; - is standard output.</summary>
    public required string Output { get; init; }

    /// <summary>How the table is shown; null: as its output asks for.</summary>
    public string? View { get; init; }

    /// <summary>Whether a table for people has colours.</summary>
    public string Color { get; init; } = ColorOption.Auto;

    /// <summary>Whether the output was named, and is no default.</summary>
    public bool IsOutputNamed { get; init; }

    /// <summary>The collector that the table goes to, in place of an output; null: none.</summary>
    public CollectorAddress? Collector { get; init; }

    /// <summary>A BPF expression that packets must match.</summary>
    public required string? Filter { get; init; }

    /// <summary>The broker that the table is published to, in place of an output; null: none.</summary>
    public BrokerAddress? To { get; init; }

    /// <summary>Whether files are read in the order of their first packets.</summary>
    public required bool IsSorted { get; init; }

    /// <summary>Where the table of hosts goes.</summary>
    public required string? Hosts { get; init; }

    /// <summary>Where the table of packets goes.</summary>
    public required string? Packets { get; init; }

    /// <summary>Where packets go that no verdict clears.</summary>
    public required string? Suspicious { get; init; }

    /// <summary>Where packets of flows with the verdict benign go.</summary>
    public required string? Benign { get; init; }

    /// <summary>Whether packets that are written have no payload.</summary>
    public bool HeadersOnly { get; init; }

    /// <summary>Where a page about the run is served; null: nowhere.</summary>
    public required IPEndPoint? Page { get; init; }

    /// <summary>The file that has the page's token.</summary>
    public required string? PageTokenFile { get; init; }

    /// <summary>Where the counters go, as JSON.</summary>
    public required string? Summary { get; init; }

    /// <summary>Whether the run gives up what it does not need.</summary>
    public required bool IsSandboxed { get; init; }

    /// <summary>Whether only errors and warnings are told.</summary>
    public required bool Quiet { get; init; }

    /// <summary>What is metered and how.</summary>
    public required MeteringChoices Metering { get; init; }

    /// <summary>The first of the options that split the capture; null if none was given.</summary>
    public string? SplitOption => Suspicious != null ? "--write-suspicious" : Benign != null ? "--write-benign" : null;

    /// <summary>The first of the options for which the input is read again; null if none was given.</summary>
    public string? SecondPassOption => Packets != null ? "--packets" : SplitOption;

    /// <summary>What is written.</summary>
    public IReadOnlyList<NamedOutput> Outputs => NamedOutput.Given(
        ("-o", To == null && Collector == null ? Output : null, "the table's file"),
        ("--summary", Summary, "the summary's file"),
        ("--hosts", Hosts, "the hosts' file"),
        ("--packets", Packets, "the packets' file"),
        ("--write-suspicious", Suspicious, "the suspicious packets' file"),
        ("--write-benign", Benign, "the benign packets' file"));
}
