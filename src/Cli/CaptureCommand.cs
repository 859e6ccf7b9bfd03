using System.CommandLine;
using System.Net;
using FlowMeter.Cli.Telemetry;
using FlowMeter.Engine.Observe;
using FlowMeter.Engine.Output;
using FlowMeter.Native;

namespace FlowMeter.Cli;

/// <summary><c>flowmeter capture</c>: live interfaces in, one table of flows out.</summary>
internal static class CaptureCommand
{
    private const string LongestSnapLength = "262144B";

    // What a timer can wait, in whole days.
    private const string LongestDuration = "49d";

    public static Command Create()
    {
        CaptureSettings defaults = new() { Interfaces = [] };
        Option<string[]> interfaces = new("--interface", "-i")
        {
            Description = "The interface to capture; flowmeter interfaces lists them. May be given several times.",
            HelpName = "IF",
            Required = true,
        };
        Option<string> output = new("--output", "-o") { Description = "Where the table goes: a file, whose name may have the time (flows-%Y%m%dT%H%M%S.csv, in UTC), a named pipe, or - for standard output. Default: -.", HelpName = "PATH", DefaultValueFactory = _ => "-" };
        Option<string[]> rotate = new("--rotate") { Description = "Begin a new file every 60s, 5m, 1h30m or 1d, on the clock, or before it grows above 100MB or 1GiB. Both: 1h,100MB. SIGHUP does it now.", HelpName = "WHEN" };
        rotate.Validators.Add(result =>
        {
            try
            {
                _ = Rotation.Parse(result.Tokens.Select(token => token.Value));
            }
            catch (FormatException e)
            {
                result.AddError($"--rotate: {e.Message}");
            }
        });
        Option<string?> filter = new("--filter") { Description = "Capture only packets that match this BPF expression (man pcap-filter); the kernel decides.", HelpName = "BPF" };
        Option<string> direction = new("--direction") { Description = "Capture packets that the machine receives (in), sends (out), or both. Default: both.", HelpName = "DIR", DefaultValueFactory = _ => "both" };
        direction.AcceptOnly("in", "out", "both");
        Option<long?> snapLength = NumberOption.Size("--snaplen", "64B", LongestSnapLength, $"Bytes kept of a packet, its headers: 256 or 64k. Default: {defaults.SnapLength}B ({LongestSnapLength} for profile deepfence, which takes them for the packet's size, and where packets are written or forwarded).");
        Option<long?> buffer = NumberOption.Size("--buffer", "1MiB", "2047MiB", $"The kernel's ring for packets that wait, for each worker: 256M or 1GiB; a number alone is MiB. Default: {defaults.BufferBytes >> 20}MiB.", alone: 1 << 20);
        Option<bool> notPromiscuous = new("--no-promiscuous") { Description = "Capture only what is addressed to this machine, and broadcasts." };
        Option<bool> pin = new("--pin") { Description = "Tie each worker to a processor of its own (Linux)." };
        Option<long?> duration = NumberOption.Time("--duration", "1ms", LongestDuration, "Stop after this long: 90s, 1h30m. Default: off.");
        Option<long?> count = NumberOption.Whole("--count", 1, long.MaxValue, "Stop after this many packets, as 10k or 1M.");
        Option<long?> statistics = NumberOption.Time("--stats-every", "1ms", LongestDuration, "Print a line of counters on stderr this often, as 60s or 5m; SIGUSR1 prints one at any time. Default: off.");
        Option<IPEndPoint?> metrics = ListenAddress.Option();
        Option<string?> user = new("--user") { Description = "Once the interfaces and the output are open, become this user and keep no right but CAP_NET_RAW (Linux).", HelpName = "NAME" };
        Option<string?> suspicious = new("--write-suspicious") { Description = "Write the packets that no verdict clears to this file, as pcap: the first N of every flow, later ones unless it was judged benign, and those of no flow. Takes a model with a decision point; named and rotated as the table.", HelpName = "PATH" };
        Option<string?> benign = new("--write-benign") { Description = "Write the other packets, those of flows judged benign after the verdict, to this file, likewise.", HelpName = "PATH" };
        Option<string?> forwardTo = new("--forward-to") { Description = "Send the packets that --write-suspicious writes out of this interface, for an IDS that listens there.", HelpName = "IF2" };
        Option<string?> summary = new("--summary") { Description = "Write the counters of the run to this file, as JSON.", HelpName = "PATH" };
        Option<bool> quiet = new("--quiet", "-q") { Description = "No progress and no summary on stderr; errors and warnings only." };
        FileArgument.RejectEmpty(output, suspicious, benign, summary, user);
        RejectUnnamed(interfaces, forwardTo);
        interfaces.Complete(CapturableNames);
        forwardTo.Complete(CapturableNames);
        Command command = new("capture", "Meter live interfaces: one row of CSV a flow as it ends, with score and verdict.") { interfaces, output };
        MeteringArguments metering = new(command, "Threads that meter each interface; the kernel shares its packets between them. Default: 1.");
        foreach (Option option in new Option[] { rotate, filter, direction, snapLength, buffer, notPromiscuous, pin, duration, count, statistics, metrics, user, suspicious, benign, forwardTo, summary, quiet })
        {
            command.Options.Add(option);
        }

        Examples.Of(
            command,
            "flowmeter capture -i eth0 --rotate 1h -o flows-%Y%m%dT%H%M%S.csv",
            "flowmeter capture -i eth1 -i eth2 --workers 4 --pin --stats-every 60 -o flows.csv",
            "flowmeter capture -i eth0 --model early.json --write-suspicious 'inspect-%Y%m%dT%H%M%S.pcap' --rotate 1h -o 'flows-%Y%m%dT%H%M%S.csv'",
            "flowmeter capture -i eth0 --filter 'tcp port 443' --model model.json --duration 1h --summary run.json -o flows.csv");
        command.SetAction(result => CaptureRun.Execute(new CaptureChoices(
            [.. result.GetValue(interfaces)!.Distinct()],
            result.GetValue(output)!,
            Rotation.Parse(result.GetValue(rotate) ?? []),
            result.GetValue(filter),
            result.GetValue(direction) switch { "in" => CaptureDirection.Received, "out" => CaptureDirection.Sent, _ => CaptureDirection.Both },
            (int?)result.GetValue(snapLength),
            (int)(result.GetValue(buffer) ?? defaults.BufferBytes),
            !result.GetValue(notPromiscuous),
            result.GetValue(pin),
            Interval(result.GetValue(duration)),
            result.GetValue(count),
            Interval(result.GetValue(statistics)),
            result.GetValue(metrics),
            result.GetValue(user),
            result.GetValue(suspicious),
            result.GetValue(benign),
            result.GetValue(forwardTo),
            result.GetValue(summary),
            result.GetValue(quiet),
            metering.Read(result))));
        return command;
    }

    private static void RejectUnnamed(params Option[] options)
    {
        foreach (Option option in options)
        {
            option.Validators.Add(result =>
            {
                if (result.Tokens.Any(token => token.Value.Length == 0))
                {
                    result.AddError($"{option.Name}: the name is empty.");
                }
            });
        }
    }

    private static IEnumerable<string> CapturableNames()
    {
        try
        {
            return CaptureDevice.List().Select(device => device.Name);
        }
        catch (PcapException)
        {
            // A shell that completes a line is no place for a message; the run has it.
            return [];
        }
    }

    private static TimeSpan? Interval(long? nanoseconds) => nanoseconds is { } length and not NumberOption.Off ? TimeSpan.FromTicks(length / TimeSpan.NanosecondsPerTick) : null;
}

/// <summary>What was typed behind <c>flowmeter capture</c>; null where an option was not given.</summary>
internal sealed record CaptureChoices(
    IReadOnlyList<string> Interfaces,
    string Output,
    Rotation Rotation,
    string? Filter,
    CaptureDirection Direction,
    int? SnapLength,
    int BufferBytes,
    bool IsPromiscuous,
    bool IsPinned,
    TimeSpan? Duration,
    long? Count,
    TimeSpan? StatisticsPeriod,
    IPEndPoint? Metrics,
    string? User,
    string? Suspicious,
    string? Benign,
    string? ForwardTo,
    string? Summary,
    bool Quiet,
    MeteringChoices Metering)
{
    /// <summary>The first of the options that send packets somewhere; null if none was given.</summary>
    public string? RoutingOption => Suspicious != null ? "--write-suspicious" : Benign != null ? "--write-benign" : ForwardTo != null ? "--forward-to" : null;

    /// <summary>What is written, by option, and what it is to the others.</summary>
    public IEnumerable<(string Option, string Path, string What)> Outputs => new (string Option, string? Path, string What)[]
    {
        ("-o", Output, "the table's file"),
        ("--summary", Summary, "the summary's file"),
        ("--write-suspicious", Suspicious, "the suspicious packets' file"),
        ("--write-benign", Benign, "the benign packets' file"),
    }.Where(output => output.Path != null).Select(output => (output.Option, output.Path!, output.What));
}
