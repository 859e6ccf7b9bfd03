using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;

namespace FlowMeter.Cli.Options;

/// <summary>The value of <c>--metrics</c> and <c>--page</c>: where to listen. A port alone means this machine alone.</summary>
internal static class ListenAddress
{
    private const string Expected = "is not an address to listen on; write 9105 for this machine alone, or an address as in 192.0.2.1:9105 "
        + "or [2001:db8::1]:9105.";

    /// <summary>An option.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What is served.</param>
    public static Option<IPEndPoint?> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "ADDRESS:PORT",
        CustomParser = result => Parse(name, result),
    };

    /// <summary>Reads an address with a port, or a port alone.</summary>
    public static bool TryParse(string text, out IPEndPoint address)
    {
        string port = text.StartsWith("localhost:", StringComparison.Ordinal) ? text["localhost:".Length..]
            : text.TrimStart(':').Length == text.Length - 1 ? text[1..]
            : text;
        if (ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number))
        {
            address = new IPEndPoint(IPAddress.Loopback, number);
            return number != 0;
        }

        // "::1" would be read as an address without a port, and "1.2.3" as one with its parts left out: an address that does not read back
        // as it was written is a slip.
        bool isRead = IPEndPoint.TryParse(text, out IPEndPoint? read) && read.Port != 0;
        address = isRead ? read! : new IPEndPoint(IPAddress.Loopback, 0);
        return isRead && text.EndsWith(read!.ToString()[read.ToString().LastIndexOf(':')..], StringComparison.Ordinal)
            && (text[0] == '[' || text.Count(c => c == '.') == 3);
    }

    private static IPEndPoint? Parse(string name, ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (TryParse(text, out IPEndPoint address))
        {
            return address;
        }

        result.AddError($"{name} {text}: {Expected}");
        return null;
    }
}
