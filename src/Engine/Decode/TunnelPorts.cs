namespace FlowMeter.Engine.Decode;

/// <summary>The UDP ports at which packets are looked into, and for which tunnel. Immutable.</summary>
public sealed class TunnelPorts
{
    private static readonly (TunnelKind Kind, string Name, ushort[] Ports)[] s_kinds =
    [
        (TunnelKind.Vxlan, "vxlan", [4789, 8472]),
        (TunnelKind.VxlanGpe, "vxlan-gpe", [4790]),
        (TunnelKind.Geneve, "geneve", [6081]),
        (TunnelKind.GtpUser, "gtpu", [2152]),
        (TunnelKind.Teredo, "teredo", [3544]),
        (TunnelKind.Ayiya, "ayiya", [5072]),
        (TunnelKind.L2tp, "l2tp", [1701]),
        (TunnelKind.Capwap, "capwap", [5247]),
        (TunnelKind.Mpls, "mpls", [6635]),
    ];

    // One byte a port: a packet costs one look-up for each of its two.
    private readonly TunnelKind[] _kinds = new TunnelKind[ushort.MaxValue + 1];

    /// <summary>Makes a set of ports.</summary>
    /// <param name="chosen">
    /// Ports that take the place of their kind's own. Other kinds keep theirs, as far as nobody has chosen them.
    /// </param>
    /// <exception cref="ArgumentException">A port is chosen for two kinds.</exception>
    public TunnelPorts(params IReadOnlyList<(TunnelKind Kind, ushort Port)> chosen)
    {
        foreach ((TunnelKind kind, ushort port) in chosen)
        {
            if (_kinds[port] != TunnelKind.None && _kinds[port] != kind)
            {
                throw new ArgumentException($"port {port} can not be both {NameOf(_kinds[port])} and {NameOf(kind)}", nameof(chosen));
            }

            _kinds[port] = kind;
        }

        foreach ((TunnelKind kind, _, ushort[] ports) in s_kinds.Where(known => chosen.All(choice => choice.Kind != known.Kind)))
        {
            foreach (ushort port in ports.Where(port => _kinds[port] == TunnelKind.None))
            {
                _kinds[port] = kind;
            }
        }
    }

    /// <summary>Each kind at its registered ports, and VXLAN at the one that Linux took before there was one.</summary>
    public static TunnelPorts Default { get; } = new();

    /// <summary>The names of the kinds, as a user writes them, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_kinds.Select(known => known.Name)];

    /// <summary>All kinds with their own ports, as a user would write them.</summary>
    public static IReadOnlyList<string> Defaults { get; } = [.. s_kinds.Select(known => $"{known.Name}={string.Join(',', known.Ports)}")];

    /// <summary>The kind of a port.</summary>
    public TunnelKind this[ushort port] => _kinds[port];

    /// <summary>The kind with this name; none if there is none.</summary>
    public static TunnelKind Find(string name) => s_kinds.FirstOrDefault(known => known.Name == name).Kind;

    private static string NameOf(TunnelKind kind) => s_kinds.First(known => known.Kind == kind).Name;
}
