using System.Reflection;
using System.Text.RegularExpressions;

namespace FlowMeter.Tests.Rules;

/// <summary>One style of test names: a sentence, its words parted by underscores, as the field writes them.</summary>
public sealed partial class TestNameTests
{
    /// <summary>Names and acronyms, written so and not otherwise.</summary>
    private static readonly HashSet<string> s_names =
    [
        "ACK", "AES", "AppFlow", "BPF", "CAPWAP", "CPU", "CSV", "DHCP", "DNS", "DTLS", "DateTime", "Ethernet", "FlowMeter", "GCM", "GENEVE",
        "GRE", "GTP", "Hessian", "HTML", "HTTP", "ICMP", "IDS", "IMIX", "IPFIX", "IPv4", "IPv6", "JSON", "Karush", "Kuhn", "MPLS", "NaN",
        "PPP", "RFC", "ROC", "RST", "SHA", "SIGHUP", "SIP", "SMB", "SSH", "SVG", "SYN", "TCP", "TLS", "Tucker", "UDP", "UTC", "UTF", "VLAN",
        "VXLAN", "XDP", "Zeek", "macOS",
    ];

    /// <summary>Names that are plain words, too.</summary>
    private static readonly HashSet<string> s_wordsAndNames =
        ["C", "CIC", "Deepfence", "FIN", "Go", "ID", "IP", "Linux", "MB", "R", "Windows"];

    private static readonly HashSet<string> s_misspelled = new(s_names, StringComparer.OrdinalIgnoreCase);

    [Fact]
    public void A_test_is_named_by_a_sentence()
    {
        MethodInfo[] tests = [.. typeof(TestNameTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(
                BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.IsDefined(typeof(FactAttribute)))];
        Assert.True(tests.Length > 500, "the tests were found");
        string[] wrong = [.. tests.Where(test => !IsSentence(test.Name)).Select(test => $"{test.DeclaringType!.Name}.{test.Name}")];
        Assert.True(wrong.Length == 0, $"not as A_room_uses_only_rooms_on_lower_floors\n{string.Join('\n', wrong)}");
    }

    [Theory]
    [InlineData("A_room_uses_only_rooms_on_lower_floors", true)]
    [InlineData("Sizes", true)]
    [InlineData("TCP_and_IPv6_over_the_Go_program", true)]
    [InlineData("ARoomUsesOnlyRoomsOnLowerFloors", false)]
    [InlineData("A_Room_uses_rooms", false)]
    [InlineData("a_room_uses_rooms", false)]
    [InlineData("A_tcp_flow_ends", false)]
    [InlineData("Tcp_flows_end", false)]
    public void Other_names_are_seen(string name, bool isSentence) => Assert.Equal(isSentence, IsSentence(name));

    private static bool IsSentence(string name)
    {
        string[] words = name.Split('_');
        return words.Select((word, i) => s_names.Contains(word) || s_wordsAndNames.Contains(word)
            || ((i == 0 ? First() : Later()).IsMatch(word) && !s_misspelled.Contains(word))).All(isRight => isRight);
    }

    [GeneratedRegex("^[A-Z0-9][a-z0-9]*$")]
    private static partial Regex First();

    [GeneratedRegex("^[a-z0-9]+$")]
    private static partial Regex Later();
}
