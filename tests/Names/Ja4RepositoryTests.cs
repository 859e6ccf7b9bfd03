using System.Globalization;
using System.Net;
using FlowMeter.Tests.Support;
using Xunit.Abstractions;

namespace FlowMeter.Tests.Names;

/// <summary>The captures of the public JA4 repository, and what its own programs print for them.</summary>
public sealed class Ja4RepositoryTests(ITestOutputHelper output)
{
    /// <summary>
    /// Its program wrote 99 for a protocol that does not begin and end with letters or digits (here the bytes BA AD). The description of
    /// JA4 asks for the first and last digit in hexadecimal since.
    /// </summary>
    private static readonly Dictionary<string, string> s_differences = new()
    {
        ["tls-non-ascii-alpn.pcapng clientservices.googleapis.com t13d151699_8daaf6152771_e5627efa2ab1"] =
            "clientservices.googleapis.com t13d1516bd_8daaf6152771_e5627efa2ab1",
    };

    [SharedFact]
    public void Fingerprints_are_those_of_the_repository()
    {
        string folder = Path.Combine(SharedFolder.Path!, "peers", "ja4");
        int compared = 0;
        int later = 0;
        List<string> wrong = [];
        foreach (IGrouping<string, string[]> file in Expected(folder).GroupBy(line => line[0]))
        {
            ILookup<string, NamedFlow> flows = NamingRun.OfFile(Path.Combine(folder, file.Key))
                .ToLookup(flow => $"{flow.Source} {flow.Destination}");
            foreach (IGrouping<string, string[]> hellos in file.GroupBy(line => $"{End(line[1], line[2])} {End(line[3], line[4])}"))
            {
                // A server may ask for a second ClientHello (RFC 8446 §4.1.4): the repository has both, a flow has the first.
                string ends = hellos.Key;
                string[] line = hellos.First();
                later += hellos.Count() - 1;
                NamedFlow? flow = flows[ends].FirstOrDefault();
                string actual = flow == null ? "no such flow" : $"{flow["ServerName"]} {flow["Ja4"]}";
                string expected = $"{line[5]} {line[6]}";
                compared++;
                if (actual != s_differences.GetValueOrDefault($"{line[0]} {expected}", expected))
                {
                    wrong.Add($"{line[0]} {ends}: expected {expected}, is {actual}");
                }
            }
        }

        output.WriteLine(
            $"{compared} flows, {wrong.Count} differ, {s_differences.Count} known; {later} second hellos\n{string.Join('\n', wrong)}");
        Assert.True(compared > 150);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static IEnumerable<string[]> Expected(string folder) =>
        File.ReadLines(Path.Combine(folder, "expected.tsv")).Skip(1).Select(line => line.Split('\t'));

    private static IPEndPoint End(string address, string port) =>
        new(IPAddress.Parse(address), int.Parse(port, CultureInfo.InvariantCulture));
}
