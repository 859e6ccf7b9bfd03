using System.CommandLine;
using System.CommandLine.Parsing;
using FlowMeter.Engine.Brokers;
using FlowMeter.Engine.Text;

namespace FlowMeter.Cli.Options;

/// <summary>The options that name a broker.</summary>
internal static class BrokerOptions
{
    private const long MinSpool = 1 << 20;

    /// <summary><c>--to URL</c>.</summary>
    public static Option<BrokerAddress?> To() => Address(
        "--to", "Publish the table, in place of -o: messages of rows to a stream of NATS JetStream, as nats://HOST/SUBJECT or "
            + "tls://HOST/SUBJECT; several servers of a cluster with commas. docs/brokers.md has logins and certificates.",
        takesWildcards: false);

    /// <summary><c>--from URL</c>.</summary>
    public static Option<BrokerAddress?> From()
    {
        Option<BrokerAddress?> from = Address(
            "--from", "Take the messages of this subject from NATS JetStream, as nats://HOST/SUBJECT or tls://HOST/SUBJECT; * and > stand "
                + "for words of the subject, and several servers of a cluster are written with commas. docs/brokers.md has logins and "
                + "certificates.",
            takesWildcards: true);
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

    private static Option<BrokerAddress?> Address(string name, string description, bool takesWildcards) => new(name)
    {
        Description = description,
        HelpName = "URL",
        CustomParser = result =>
        {
            try
            {
                BrokerAddress address = BrokerAddress.Parse(result.Tokens[0].Value);
                if (!takesWildcards && address.Subject.Split('.').Any(word => word is "*" or ">"))
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
