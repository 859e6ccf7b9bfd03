using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Net.Sockets;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Cli.Options;

/// <summary>The options that say what is metered and how, for every command that meters.</summary>
internal sealed class MeteringArguments
{
    // Still fits 64 bits of nanoseconds.
    private const string LongestTimeout = "9000000000s";
    private const int LongestLabel = 200;

    private readonly Option<string?> _profile = new("--profile")
    {
        Description = "The table to make: " + string.Join(", ", Profile.All.Select(profile => profile.Name))
            + ". Default: the model's, else flowmeter.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _model = new("--model")
    {
        Description = "Judge every flow with this model: a FlowMeter JSON file or a Deepfence parameter folder; builtin: the one inside; "
            + "none: do not judge. Default: builtin, in profiles flowmeter, extended and full.",
        HelpName = "PATH",
    };

    private readonly Option<long?> _decideAfter = NumberOption.Whole("--decide-after", 1, int.MaxValue, "Judge a flow at its N-th packet, "
        + "shorter ones at their end, by a model trained with train --decide-after N. Default: where the model was trained to.");

    private readonly Option<ScoreBand?> _threshold = VerdictOptions.Threshold();

    private readonly Option<Budget?> _budget = VerdictOptions.BudgetOfModel();

    private readonly Option<long?> _explain = VerdictOptions.Explain();

    private readonly Option<long?> _idleTimeout = NumberOption.Time(
        "--idle-timeout", "1ns", LongestTimeout, "End a flow after this long without a packet: 120s, 1h30m, or off for never. Default: "
            + "120s (5000s for profile appflow, 30s for its DNS, off for deepfence).");

    private readonly Option<long?> _activeTimeout = NumberOption.Time(
        "--active-timeout", "1ns", LongestTimeout, "End a flow this long after its first packet: 1800s, 12h, or off for never. Default: "
            + "1800s (120s for profile cic, 120000s for appflow, off for deepfence).");

    private readonly Option<long?> _minPackets = NumberOption.Whole(
        "--min-packets", 1, long.MaxValue, "Leave out flows with fewer packets. Default: 1 (15 for profile deepfence).");

    private readonly Option<long?> _maxFlows = NumberOption.Whole(
        "--max-flows", 1, FlowOptions.MaxFlowsLimit, "Live flows at most, as 500k or 2M, 250 bytes each (510 in profiles extended and cic, "
            + "380 in appflow, 1020 in full); at the bound the longest idle one leaves. Default: a quarter of memory.");

    private readonly Option<long?> _maxHistory = NumberOption.Size("--max-history", "4KiB", "8000000TiB", "Memory for the packet histories "
        + "of profile appflow, as 512M or 2GiB; a flow that can not grow any more ends. Default: a quarter of memory.");

    private readonly Option<string?> _label = new("--label")
    {
        Description = "Add a column with this text in every row; in profile cic it fills Label.",
        HelpName = "TEXT",
    };

    private readonly Option<bool> _communityId = new("--community-id")
    {
        Description = "Add a column with the flow's Community ID v1, as Zeek and Suricata print it; empty for ICMP.",
    };

    private readonly Option<bool> _state = new("--state")
    {
        Description = "Add a column with the state of the connection by Zeek's names: S0 unanswered, SF done, REJ refused, RSTO reset ...",
    };

    private readonly Option<bool> _names = new("--names")
    {
        Description = "Add columns with what the first packets of a flow and earlier answers of name servers say of it: application, "
            + "server_name, ja4, http_host, dns_query, src_name, dst_name ...",
    };

    private readonly Option<string?> _anonymize = AnonymizeOption.Create();

    private readonly Option<string?> _format = new("--format")
    {
        Description = "The format of the table: " + string.Join(", ", TableFormat.All.Select(format => format.Name))
            + ". Default: the one that -o ends in, also with .gz or .zst behind it, else csv.",
        HelpName = "NAME",
    };

    private readonly Option<bool> _elasticNames = new("--ecs")
    {
        Description = "Name the values of JSON Lines as the Elastic Common Schema does: source.ip, network.bytes, event.start.",
    };

    private readonly Option<long?> _ipfixEnterprise = NumberOption.Whole(
        "--ipfix-pen", 1, uint.MaxValue,
        "Your private enterprise number, for features and scores in IPFIX. Default: 32473, which is set aside for documentation.");

    private readonly Option<bool> _uniflows = new("--ipfix-uniflow")
    {
        Description = "Write a record for each direction of a flow in IPFIX, for collectors that drop the reverse fields of biflows.",
    };

    private readonly Option<IPNetwork[]> _localNets = new("--local-net")
    {
        Description = "Your own network: where one end of a flow is in it, that end is src. May be given several times.",
        HelpName = "CIDR",
        CustomParser = Networks,
    };

    private readonly Option<bool> _decapsulate = new("--decapsulate")
    {
        Description = "Meter tunnels by the packet inside: GRE (IP, Ethernet, MPLS, ERSPAN, PPP of PPTP), IP-in-IP, 6in4, EtherIP, VXLAN, "
            + "VXLAN-GPE, GENEVE, GTP-U, Teredo, AYIYA, L2TP, CAPWAP data, MPLS in UDP.",
    };

    private readonly Option<(TunnelKind Kind, ushort Port)[]> _tunnelPorts = TunnelPortOption.Create();

    private readonly List<Option> _added = [];
    private readonly Option<long?> _workers;
    private readonly bool _judges;
    private readonly bool _writes;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="workers">What its <c>--workers</c> are.</param>
    /// <param name="judges">
    /// Whether the command writes a table and may score it; one that trains or compares has options of its own for models, labels and
    /// threads.
    /// </param>
    /// <param name="writes">Whether a command that judges writes the table somewhere.</param>
    /// <param name="anonymizes">Whether addresses can be replaced in what a command that judges gives out.</param>
    public MeteringArguments(
        Command command, string workers = "Threads that meter. Default: one a core for 64 MiB of files and more, else 1.",
        bool judges = true, bool writes = true, bool anonymizes = true)
    {
        (_judges, _writes) = (judges, judges && writes);
        _workers = NumberOption.Whole("--workers", 1, MeteringOptions.MaxWorkers, workers);
        _model.Complete(() => [DefaultModel.Name, MeteringChoices.NoModel]);
        FileArgument.RejectEmpty(_model);
        _label.Validators.Add(RejectUnwritable);
        _format.AcceptOnly([.. TableFormat.All.Select(format => format.Name)]);
        _profile.AcceptOnly([.. Profile.All.Select(profile => profile.Name)]);
        Option[] ofJudging =
            [_model, _threshold, _budget, _decideAfter, _explain, _workers, _label, _communityId, _state, _names, _anonymize];
        Option[] ofWriting = [_format, _elasticNames, _ipfixEnterprise, _uniflows];
        foreach (Option option in new Option[]
        {
            _profile, _model, _threshold, _budget, _decideAfter, _explain, _idleTimeout, _activeTimeout, _minPackets, _maxFlows,
            _maxHistory, _label, _communityId, _state, _names, _anonymize, _format, _elasticNames, _ipfixEnterprise, _uniflows,
            _localNets, _decapsulate, _tunnelPorts, _workers,
        })
        {
            if ((judges || !ofJudging.Contains(option)) && (_writes || !ofWriting.Contains(option))
                && (anonymizes || option != _anonymize))
            {
                command.Options.Add(option);
                _added.Add(option);
            }
        }
    }

    /// <summary>The first of the options that was typed and says how to meter; null if none was.</summary>
    public string? FirstGiven(ParseResult result) =>
        _added.FirstOrDefault(option => option != _anonymize && result.GetResult(option) is { Implicit: false })?.Name;

    /// <summary>What was typed.</summary>
    public MeteringChoices ChoicesOf(ParseResult result) => new()
    {
        Profile = result.GetValue(_profile),
        ModelPath = _judges ? result.GetValue(_model) : MeteringChoices.NoModel,
        Threshold = _judges ? result.GetValue(_threshold) : null,
        Budget = _judges ? result.GetValue(_budget) : null,
        DecideAfter = _judges ? (int?)result.GetValue(_decideAfter) : null,
        Explain = _judges ? (int)(result.GetValue(_explain) ?? 0) : 0,
        IdleTimeout = result.GetValue(_idleTimeout),
        ActiveTimeout = result.GetValue(_activeTimeout),
        MinPackets = result.GetValue(_minPackets),
        MaxFlows = result.GetValue(_maxFlows),
        MaxHistory = result.GetValue(_maxHistory),
        Label = result.GetValue(_label),
        CommunityId = result.GetValue(_communityId),
        ConnectionState = result.GetValue(_state),
        Names = result.GetValue(_names),
        AnonymizeKey = result.GetValue(_anonymize),
        Format = _writes ? result.GetValue(_format) : null,
        UsesElasticNames = _writes && result.GetValue(_elasticNames),
        IpfixEnterprise = _writes ? result.GetValue(_ipfixEnterprise) : null,
        HasUniflows = _writes && result.GetValue(_uniflows),
        LocalNets = result.GetValue(_localNets) ?? [],
        Decapsulate = result.GetValue(_decapsulate),
        TunnelPorts = result.GetValue(_tunnelPorts) ?? [],
        Workers = (int?)result.GetValue(_workers),
    };

    /// <summary>A label is one field of a line.</summary>
    private static void RejectUnwritable(OptionResult result)
    {
        if (result.Tokens is [{ Value: string text }] && (text.Length is 0 or > LongestLabel || text.Any(char.IsControl)))
        {
            result.AddError($"--label: is not a text of 1 to {LongestLabel} characters in one line.");
        }
    }

    private static IPNetwork[]? Networks(ArgumentResult result)
    {
        List<IPNetwork> networks = [];
        foreach (Token token in result.Tokens)
        {
            // The framework clears the bits behind the prefix and takes addresses in parts; here both are a slip of the pen. A network is
            // written as it is.
            if (!IPNetwork.TryParse(token.Value, out IPNetwork network) || !IsWrittenInFull(token.Value, network))
            {
                result.AddError($"--local-net {token.Value}: not a network; write it as 192.168.0.0/16 or 2001:db8::/32, with no bits set "
                    + "behind the prefix.");
                return null;
            }

            networks.Add(network);
        }

        return [.. networks];
    }

    private static bool IsWrittenInFull(string text, IPNetwork network)
    {
        int slash = text.LastIndexOf('/');
        return slash > 0
            && IPAddress.TryParse(text.AsSpan(0, slash), out IPAddress? written)
            && written.Equals(network.BaseAddress)
            && (written.AddressFamily == AddressFamily.InterNetworkV6 ? written.ScopeId == 0 : written.ToString() == text[..slash]);
    }
}
