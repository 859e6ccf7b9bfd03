using System.CommandLine;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Brokers;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Output;

namespace FlowMeter.Cli.Options;

/// <summary><c>--ipfix</c>: a collector in place of an output.</summary>
internal static class CollectorOption
{
    /// <summary>The option.</summary>
    public static Option<CollectorAddress?> Create() => new("--ipfix")
    {
        Description = "Send the table to an IPFIX collector, in place of -o: HOST:PORT or udp://HOST:PORT over UDP, tcp://HOST:PORT over "
            + "TCP, which loses nothing on the way, tls://HOST:PORT over TLS; docs/outputs.md has certificates. Default port: 4739, for "
            + "TLS 4740.",
        HelpName = "COLLECTOR",
        CustomParser = result =>
        {
            try
            {
                return CollectorAddress.Parse(result.Tokens[0].Value);
            }
            catch (FormatException e)
            {
                result.AddError($"--ipfix {e.Message}");
                return null;
            }
        },
    };

    /// <summary>A table goes to one place.</summary>
    /// <exception cref="UsageException">Two are named.</exception>
    public static void RequireNoOther(CollectorAddress? collector, string output, BrokerAddress? broker)
    {
        string? other = broker != null ? $"is published with --to {broker.Name}"
            : output != OutputPath.StandardOutput ? $"goes to -o {output}"
            : null;
        if (collector != null && other != null)
        {
            throw new UsageException($"--ipfix: the table goes to the collector, or {other}; leave out one of them.");
        }
    }

    /// <summary>The metering choices of a run that sends its table to a collector.</summary>
    /// <param name="collector">The collector; null: none, and nothing is changed.</param>
    /// <param name="choices">What is metered.</param>
    /// <exception cref="UsageException">Another format is named.</exception>
    public static MeteringChoices Fit(CollectorAddress? collector, MeteringChoices choices)
    {
        string name = TableFormat.Ipfix.Name;
        return collector == null ? choices
            : choices.Format != null && choices.Format != name
            ? throw new UsageException($"--ipfix: the collector takes {name}, and --format says {choices.Format}; leave out one of them.")
            : choices with { Format = name };
    }

    /// <summary>The plan of such a run.</summary>
    public static MeteringPlan Fit(CollectorAddress? collector, MeteringPlan plan) => collector == null ? plan : plan with
    {
        Options = plan.Options with { Export = plan.Options.Export with { MaxIpfixMessage = collector.MaxMessage } },
    };
}
