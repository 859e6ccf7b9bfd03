using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FlowMeter.Engine.Decode;

namespace FlowMeter.Cli.Options;

/// <summary><c>--tunnel-port</c>: a kind of tunnel and its ports.</summary>
internal static class TunnelPortOption
{
    /// <summary>Makes the option.</summary>
    public static Option<(TunnelKind Kind, ushort Port)[]> Create()
    {
        Option<(TunnelKind Kind, ushort Port)[]> option = new("--tunnel-port")
        {
            Description = "The UDP ports of a kind of tunnel that --decapsulate looks into, in place of "
                + $"{string.Join(", ", TunnelPorts.Defaults)}. May be given several times.",
            HelpName = "KIND=PORT,...",
            CustomParser = Parse,
        };
        option.CompletionSources.Add([.. TunnelPorts.Names.Select(name => $"{name}=")]);
        return option;
    }

    private static (TunnelKind Kind, ushort Port)[]? Parse(ArgumentResult result)
    {
        List<(TunnelKind Kind, ushort Port)> chosen = [];
        foreach (Token token in result.Tokens)
        {
            string[] sides = token.Value.Split('=', 2);
            TunnelKind kind = TunnelPorts.Find(sides[0]);
            if (sides.Length < 2 || kind == TunnelKind.None)
            {
                result.AddError($"--tunnel-port {token.Value}: is no kind of tunnel and its ports; write it as vxlan=4789,8472. The kinds "
                    + $"are {string.Join(", ", TunnelPorts.Names)}.");
                return null;
            }

            foreach (string text in sides[1].Split(','))
            {
                if (!ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0)
                {
                    result.AddError(
                        $"--tunnel-port {token.Value}: \"{text}\" is no port from 1 to 65535; write it as {sides[0]}=4789,8472.");
                    return null;
                }

                if (chosen.Exists(other => other.Port == port && other.Kind != kind))
                {
                    result.AddError($"--tunnel-port {token.Value}: port {port} is another kind's already; one port is one kind's.");
                    return null;
                }

                chosen.Add((kind, port));
            }
        }

        return [.. chosen];
    }
}
