using System.Reflection;
using Xunit.Sdk;

namespace FlowMeter.Tests.Cli;

/// <summary>The rows of <see cref="TypedAttribute"/> for the metering options, which several commands share.</summary>
/// <param name="bare">A command line without any of them.</param>
/// <param name="prefix">Where the choices are, with a dot behind.</param>
/// <param name="judges">Whether the command may judge what it meters.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TypedMeteringAttribute(string bare, string prefix, bool judges) : DataAttribute
{
    private static readonly string[][] s_rows =
    [
        ["--profile cic", "Profile", "cic"],
        ["--idle-timeout 90s", "IdleTimeout", "90000000000"],
        ["--active-timeout 1h30m", "ActiveTimeout", "5400000000000"],
        ["--min-packets 2", "MinPackets", "2"],
        ["--max-flows 10k", "MaxFlows", "10000"],
        ["--max-history 1GiB", "MaxHistory", "1073741824"],
        ["--local-net 10.0.0.0/8 --local-net 2001:db8::/32", "LocalNets", "10.0.0.0/8 2001:db8::/32"],
        ["--decapsulate", "Decapsulate", "True"],
        ["--tunnel-port vxlan=4789,8472", "TunnelPorts", "(Vxlan, 4789) (Vxlan, 8472)"],
    ];

    private static readonly string[][] s_judging =
    [
        ["--model m.json", "ModelPath", "m.json"],
        ["--threshold 0.3", "Threshold", "0.3,0.3"],
        ["--threshold 20%,0.7", "Threshold", "0.2,0.7"],
        ["--budget 5%", "Budget", "5 % of benign flows"],
        ["--explain 3", "Explain", "3"],
        ["--decide-after 8", "DecideAfter", "8"],
        ["--label office", "Label", "office"],
        ["--community-id", "CommunityId", "True"],
        ["--state", "ConnectionState", "True"],
        ["--names", "Names", "True"],
        ["--anonymize key", "AnonymizeKey", "key"],
        ["--workers 3", "Workers", "3"],
    ];

    /// <summary>Whether the command can replace addresses.</summary>
    public bool Anonymizes { get; init; } = true;

    /// <inheritdoc/>
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        s_rows.Concat(judges ? s_judging : [])
            .Where(row => Anonymizes || row[1] != "AnonymizeKey")
            .Select(row => new object[] { bare, row[0], prefix + row[1], row[2] });
}
