using System.CommandLine;
using System.CommandLine.Parsing;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Brokers;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Text;

namespace FlowMeter.Cli.Options;

/// <summary>The options that name a broker.</summary>
internal static class BrokerOptions
{
    private const long MinSpool = 1 << 20;

    /// <summary><c>--to URL</c>.</summary>
    public static Option<BrokerAddress?> To() => Address(
        "--to", "Publish the table, in place of -o: messages of rows to a stream of NATS JetStream, as nats://HOST/SUBJECT or "
            + "tls://HOST/SUBJECT, or to a topic of Kafka, as kafka://HOST/TOPIC or kafkas://HOST/TOPIC; several servers of a cluster with "
            + "commas. docs/brokers.md has logins and certificates.",
        collects: false);

    /// <summary><c>--from URL</c>.</summary>
    public static Option<BrokerAddress?> From()
    {
        Option<BrokerAddress?> from = Address(
            "--from", "Take the messages of this subject from NATS JetStream, as nats://HOST/SUBJECT or tls://HOST/SUBJECT; * and > stand "
                + "for words of the subject, and several servers of a cluster are written with commas. docs/brokers.md has logins and "
                + "certificates.",
            collects: true);
        from.Required = true;
        return from;
    }

    /// <summary><c>--spool DIR,SIZE</c>.</summary>
    public static Option<SpoolPlace?> Spool() => new("--spool")
    {
        Description = "With --to: keep messages that the broker has not acknowledged in this folder, as /var/spool/flowmeter,1GB; they "
            + "outlive the run, and the next one sends them. Default: up to 64MiB in memory.",
        HelpName = "DIR,SIZE",
        CustomParser = ParseSpool,
    };

    /// <summary>A table goes to one place.</summary>
    /// <exception cref="UsageException">Two are named.</exception>
    public static void RequireNoOutput(BrokerAddress? to, string output)
    {
        if (to != null && output != OutputPath.StandardOutput)
        {
            throw new UsageException($"--to: the table is published, or goes to -o {output}; leave out one of them (flowmeter collect "
                + "makes files of what is published).");
        }
    }

    /// <summary>The choices of a table that is published: Arrow unless another format is named.</summary>
    public static MeteringChoices Fit(BrokerAddress? to, MeteringChoices choices) =>
        to == null || choices.Format != null ? choices : choices with { Format = TableFormat.Arrow.Name };

    /// <summary>The plan of a table that is published, in blocks that fit messages.</summary>
    /// <exception cref="UsageException">The format has no such blocks.</exception>
    public static MeteringPlan Fit(BrokerAddress? to, MeteringPlan plan)
    {
        if (to == null)
        {
            return plan;
        }

        ExportOptions export = plan.Options.Export;
        TableFormat format = export.Encoding.Format;
        return format == TableFormat.Parquet || format == TableFormat.ArrowFile
            ? throw new UsageException($"--format {format.Name}: is for files, and --to publishes blocks of rows; take "
                + $"{TableFormat.Arrow.Name}, {TableFormat.JsonLines.Name}, {TableFormat.Csv.Name} or {TableFormat.Ipfix.Name}.")
            : plan with { Options = plan.Options with { Export = export with { MaxBatchBytes = BrokerOutput.BatchBytes } } };
    }

    /// <summary>What a table that is published is.</summary>
    public static TableOrigin OriginOf(BrokerAddress to, MeteringPlan plan) => TableOrigin.Of(
        to.Sensor ?? Environment.MachineName, TimeProvider.System.GetUtcNow(), plan.Profile, plan.Model, plan.Options.Export);

    /// <summary>What a run connects to that publishes its table, or sends it to a collector.</summary>
    public static Connections? ConnectionsOf(BrokerOutput? broker, CollectorPeer? collector) =>
        collector != null ? new Connections(collector.TcpPorts)
        : broker != null ? new Connections([.. broker.Ports], broker.LooksUpNames)
        : null;

    private static Option<BrokerAddress?> Address(string name, string description, bool collects) => new(name)
    {
        Description = description,
        HelpName = "URL",
        CustomParser = result =>
        {
            try
            {
                BrokerAddress address = BrokerAddress.Parse(result.Tokens[0].Value);
                if (collects && address.Scheme.IsKafka)
                {
                    result.AddError($"{name} {address.Name}: is Kafka, and collect takes from NATS only; have Kafka's own consumers "
                        + "take the rows (docs/brokers.md).");
                    return null;
                }

                if (!collects && !address.Scheme.IsKafka && address.Subject.Split('.').Any(word => word is "*" or ">"))
                {
                    result.AddError($"{name} {address.Name}: messages have one subject, without * and >.");
                    return null;
                }

                return address;
            }
            catch (FormatException e)
            {
                result.AddError($"{name} {e.Message}");
                return null;
            }
        },
    };

    private static SpoolPlace? ParseSpool(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        int comma = text.LastIndexOf(',');
        if (comma > 0 && Quantity.Size(text[(comma + 1)..]) is { } size and >= MinSpool and <= long.MaxValue)
        {
            return new SpoolPlace(text[..comma], (long)size);
        }

        result.AddError($"--spool {text}: is not a folder and a size of 1MiB or more, as /var/spool/flowmeter,1GB.");
        return null;
    }
}
