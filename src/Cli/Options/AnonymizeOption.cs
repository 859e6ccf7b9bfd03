using System.CommandLine;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Anonymization;
using FlowMeter.Engine.Text;

namespace FlowMeter.Cli.Options;

/// <summary>The option that names a key to replace addresses and names under.</summary>
internal static class AnonymizeOption
{
    /// <summary>Makes it.</summary>
    public static Option<string?> Create()
    {
        Option<string?> option = new("--anonymize")
        {
            Description = "Replace all addresses in what is written by Crypto-PAn under the key in this file (flowmeter key > FILE): "
                + "whoever shared a prefix shares one still. Names become keyed hashes.",
            HelpName = "KEYFILE",
        };
        FileArgument.RejectEmpty(option);
        return option;
    }

    /// <summary>Makes the option that cuts payloads.</summary>
    public static Option<bool> HeadersOnly() => new("--headers-only")
    {
        Description = "Write packets without their payload, as pcap: what is behind the headers of TCP, UDP and ICMP is cut, and other "
            + "protocols behind that of IP.",
    };

    /// <summary>Checks what may be written of packets.</summary>
    /// <param name="choices">What was typed.</param>
    /// <param name="headersOnly">Whether payloads are cut.</param>
    /// <param name="writing">The option that writes packets; null: none.</param>
    /// <param name="warn">Told where payloads may name addresses.</param>
    /// <exception cref="UsageException">Payloads are cut of nothing.</exception>
    public static void Check(MeteringChoices choices, bool headersOnly, string? writing, Action<string> warn)
    {
        if (headersOnly && writing == null)
        {
            throw new UsageException("--headers-only: cuts packets that are written, and none are; add --write-suspicious or "
                + "--write-benign, or leave it out.");
        }

        if (choices.AnonymizeKey != null && writing != null && !headersOnly)
        {
            warn($"{writing}: addresses in headers are replaced, but payloads may name some, as those of DNS do; add --headers-only to "
                + "cut them.");
        }
    }

    /// <summary>Reads the key.</summary>
    /// <exception cref="UsageException">There is none in the file, or it can not be read.</exception>
    public static AnonymizationKey Load(string path)
    {
        try
        {
            return AnonymizationKey.Load(path);
        }
        catch (FormatException e)
        {
            throw new UsageException($"--anonymize {path}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--anonymize {path}: can not be read: {FailureReason.Of(e)}; name another file, or make one with "
                + "flowmeter key > FILE.");
        }
    }
}
