using System.CommandLine;
using System.Net;
using FlowMeter.Cli.Help;
using FlowMeter.Cli.Options;
using FlowMeter.Engine.Brokers;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Output;
using FlowMeter.Native;

namespace FlowMeter.Cli.Capture;

/// <summary><c>flowmeter capture</c>: live interfaces in, one table of flows out.</summary>
internal sealed class CaptureCommand : Command
{
    // What a timer can wait, in whole days.
    private const string MaxDuration = "49d";

    private static readonly CaptureSettings s_defaults = new() { Interfaces = [] };
    private static readonly string s_maxSnapLength = $"{CapturePlan.MaxSnapLength}B";

    private readonly Option<string[]> _interfaces = new("--interface", "-i")
    {
        Description = "The interface to capture; flowmeter interfaces lists them. May be given several times.",
        HelpName = "IF",
        Required = true,
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Where the table goes: a file, whose name may have the time (flows-%Y%m%dT%H%M%S.csv, in UTC), a named pipe, or - "
            + "for standard output. Default: -.",
        HelpName = "PATH",
        DefaultValueFactory = _ => "-",
    };

    private readonly Option<BrokerAddress?> _to = BrokerOptions.To();

    private readonly Option<SpoolPlace?> _spool = BrokerOptions.Spool();

    private readonly Option<CollectorAddress?> _collector = CollectorOption.Create();

    private readonly Option<string[]> _rotate = RunOptions.Rotate();

    private readonly Option<string?> _filter = new("--filter")
    {
        Description = "Capture only packets that match this BPF expression (man pcap-filter); the kernel decides.",
        HelpName = "BPF",
    };

    private readonly Option<string> _direction = new("--direction")
    {
        Description = "Capture packets that the machine receives (in), sends (out), or both. Default: both.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "both",
    };

    private readonly Option<long?> _snapLength = NumberOption.Size(
        "--snaplen", "64B", s_maxSnapLength,
        $"Bytes kept of a packet, its headers: 256 or 64k. Default: {s_defaults.SnapLength}B (512B for profile full, "
            + $"{Profile.SnapLengthOfNames}B with --names, {s_maxSnapLength} for profile deepfence, which takes them for the packet's "
            + "size, and where packets are written or forwarded).");

    private readonly Option<long?> _buffer = NumberOption.Size(
        "--buffer", "1MiB", "2047MiB",
        "The kernel's ring for packets that wait, for each worker: 256M or 1GiB; a number alone is MiB. Default: "
            + $"{s_defaults.BufferBytes >> 20}MiB.",
        alone: 1 << 20);

    private readonly Option<bool> _notPromiscuous = new("--no-promiscuous")
    {
        Description = "Capture only what is addressed to this machine, and broadcasts.",
    };

    private readonly Option<bool> _xdp = new("--af-xdp")
    {
        Description = "Take the packets from the driver by AF_XDP, a worker for each receive queue (Linux). The machine itself gets none "
            + "of them any more: for taps and mirror ports only. Sees what is received, not what is sent.",
    };

    private readonly Option<bool> _xdpForce = new("--af-xdp-force")
    {
        Description = "Do so also on the interface of the default route. This machine can not be reached by it then.",
    };

    private readonly Option<bool> _pin = new("--pin") { Description = "Tie each worker to a processor of its own (Linux)." };

    private readonly Option<long?> _duration = NumberOption.Time(
        "--duration", "1ms", MaxDuration, "Stop after this long: 90s, 1h30m. Default: off.");

    private readonly Option<long?> _count = NumberOption.Whole("--count", 1, long.MaxValue, "Stop after this many packets, as 10k or 1M.");

    private readonly Option<long?> _statistics = NumberOption.Time(
        "--stats-every", "1ms", MaxDuration,
        "Print a line of counters on stderr this often, as 60s or 5m; SIGUSR1 prints one at any time. Default: off.");

    private readonly Option<IPEndPoint?> _metrics = ListenAddress.Option(
        "--metrics",
        "Serve counters for Prometheus over HTTP at /metrics, and /healthz and /readyz. A port alone listens on loopback. Default: off.");

    private readonly Option<IPEndPoint?> _page = PageOptions.Page();

    private readonly Option<string?> _pageTokenFile = PageOptions.TokenFile();

    private readonly Option<string?> _user = new("--user")
    {
        Description = "Once the interfaces are open, become this user, who opens the outputs, and keep no right but CAP_NET_RAW, for the "
            + "threads that capture (Linux).",
        HelpName = "NAME",
    };

    private readonly Option<string?> _hosts = RunOptions.Hosts();

    private readonly Option<string?> _suspicious = new("--write-suspicious")
    {
        Description = "Write the packets that no verdict clears to this file, as pcap: the first N of every flow, later ones unless it "
            + "was judged benign, and those of no flow. Takes a model with a decision point; named and rotated as the table.",
        HelpName = "PATH",
    };

    private readonly Option<string?> _benign = new("--write-benign")
    {
        Description = "Write the other packets, those of flows judged benign after the verdict, to this file, likewise.",
        HelpName = "PATH",
    };

    private readonly Option<bool> _headersOnly = AnonymizeOption.HeadersOnly();

    private readonly Option<string?> _forwardTo = new("--forward-to")
    {
        Description = "Send the packets that --write-suspicious writes out of this interface, for an IDS that listens there.",
        HelpName = "IF2",
    };

    private readonly Option<string?> _summary = RunOptions.Summary();

    private readonly Option<bool> _noSandbox = RunOptions.NoSandbox();

    private readonly Option<bool> _quiet = RunOptions.Quiet();

    private readonly MeteringArguments _metering;

    public CaptureCommand()
        : base("capture", "Meter live interfaces: one row of CSV a flow as it ends, with score and verdict.")
    {
        _direction.AcceptOnly("in", "out", "both");
        FileArgument.RejectEmpty(_output, _hosts, _suspicious, _benign, _summary, _user, _pageTokenFile);
        RejectUnnamed(_interfaces, _forwardTo);
        _interfaces.Complete(CapturableNames);
        _forwardTo.Complete(CapturableNames);
        Options.Add(_interfaces);
        Options.Add(_output);
        _metering = new MeteringArguments(
            this, "Threads that meter each interface; the kernel shares its packets between them. Default: 1.");
        foreach (Option option in new Option[]
        {
            _to, _spool, _collector, _rotate, _filter, _direction, _snapLength, _buffer, _notPromiscuous, _xdp, _xdpForce, _pin,
            _duration, _count, _statistics, _metrics, _page, _pageTokenFile, _user, _hosts, _suspicious, _benign, _headersOnly,
            _forwardTo, _summary, _noSandbox, _quiet,
        })
        {
            Options.Add(option);
        }

        Examples.Add(
            this,
            "flowmeter capture -i eth0 --rotate 1h -o flows-%Y%m%dT%H%M%S.csv",
            "flowmeter capture -i eth1 -i eth2 --workers 4 --pin --stats-every 60 -o flows.csv",
            "flowmeter capture -i eth0 --model early.json --write-suspicious 'inspect-%Y%m%dT%H%M%S.pcap' --rotate 1h -o "
                + "'flows-%Y%m%dT%H%M%S.csv'",
            "flowmeter capture -i eth0 --page 9477 --rotate 1h -o flows-%Y%m%dT%H%M%S.csv",
            "flowmeter capture -i eth0 --to nats://broker.example/flows --spool /var/spool/flowmeter,1GB",
            "flowmeter capture -i eth0 --ipfix collector.example:4739",
            "flowmeter capture -i eth0 --filter 'tcp port 443' --model model.json --duration 1h --summary run.json -o flows.csv");
        SetAction(result => CaptureRun.Execute(ChoicesOf(result)));
    }

    /// <summary>What was typed.</summary>
    public CaptureChoices ChoicesOf(ParseResult result) => new()
    {
        Interfaces = [.. result.GetValue(_interfaces)!.Distinct()],
        Output = result.GetValue(_output)!,
        To = result.GetValue(_to),
        Spool = result.GetValue(_spool),
        Collector = result.GetValue(_collector),
        Rotation = Rotation.Parse(result.GetValue(_rotate) ?? []),
        Filter = result.GetValue(_filter),
        Direction = result.GetValue(_direction) switch
        {
            "in" => CaptureDirection.Received,
            "out" => CaptureDirection.Sent,
            _ => CaptureDirection.Both,
        },
        SnapLength = (int?)result.GetValue(_snapLength),
        BufferBytes = (int)(result.GetValue(_buffer) ?? s_defaults.BufferBytes),
        IsPromiscuous = !result.GetValue(_notPromiscuous),
        IsXdp = result.GetValue(_xdp) || result.GetValue(_xdpForce),
        IsXdpForced = result.GetValue(_xdpForce),
        IsPinned = result.GetValue(_pin),
        Duration = Interval(result.GetValue(_duration)),
        Count = result.GetValue(_count),
        StatisticsPeriod = Interval(result.GetValue(_statistics)),
        Metrics = result.GetValue(_metrics),
        Page = result.GetValue(_page),
        PageTokenFile = result.GetValue(_pageTokenFile),
        User = result.GetValue(_user),
        Hosts = result.GetValue(_hosts),
        Suspicious = result.GetValue(_suspicious),
        Benign = result.GetValue(_benign),
        HeadersOnly = result.GetValue(_headersOnly),
        ForwardTo = result.GetValue(_forwardTo),
        Summary = result.GetValue(_summary),
        IsSandboxed = !result.GetValue(_noSandbox),
        Quiet = result.GetValue(_quiet),
        Metering = _metering.ChoicesOf(result),
    };

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

    private static TimeSpan? Interval(long? nanoseconds) =>
        nanoseconds is { } length and not NumberOption.Off ? TimeSpan.FromTicks(length / TimeSpan.NanosecondsPerTick) : null;
}
