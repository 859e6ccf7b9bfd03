using System.Diagnostics;
using FlowMeter.Engine.Names;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Export.Ipfix;
using FlowMeter.Tests.Support;
using Xunit.Abstractions;

namespace FlowMeter.Tests.Names;

/// <summary>
/// Applications are those of nDPI, on the captures of the JA4 repository and every 40th of the corpus, where nDPI says a protocol that we
/// have a name for, and not a service by its addresses.
/// </summary>
public sealed class NdpiAgreementTests(ITestOutputHelper output)
{
    private const int Every = 40;

    /// <summary>Pairs of nDPI's name and ours that differ on purpose.</summary>
    private static readonly Dictionary<(string Theirs, string Ours), string> s_explained = new()
    {
        [("HTTP", "TLS")] = "TLS at port 80: nDPI says the port's name where the bytes of the capture end too early for it",
        [("HTTP_Proxy", "HTTP")] = "a request without a proxy's target: nDPI goes by port 8080",
        [("NetBIOS", "SMBv23")] = "SMB at port 445 has a NetBIOS header, and SMB inside",
        [("NetBIOS", "SMBv1")] = "the same",
        [("SMBv23", "SMBv1")] = "messages of SMB 1 that offer dialects of SMB 2",
    };

    [ToolFact("ndpiReader")]
    public void Applications_are_those_of_another_program()
    {
        if (SharedFolder.Path is null)
        {
            return;
        }

        using TemporaryFolder folder = new();
        int same = 0, explained = 0;
        List<string> wrong = [];
        IEnumerable<string> whole = Directory.EnumerateFiles(Path.Combine(SharedFolder.Path, "peers", "ja4"), "*.pcap*");
        foreach (string path in whole.Concat(SharedFolder.Captures().Where((_, i) => i % Every == 0)))
        {
            string table = Path.Combine(folder.Path, Path.GetFileName(path) + ".csv");
            Dictionary<string, string> theirs = Run(path, table);
            foreach (NamedFlow flow in NamingRun.OfFile(path))
            {
                string key = TsharkNames.KeyOf(flow.Protocol, flow.Source, flow.Destination);
                string their = theirs.GetValueOrDefault(key, "Unknown");
                if (their == "Unknown" || !ApplicationName.All.Contains(their))
                {
                    continue;
                }

                string our = flow.ApplicationWithPorts;
                same += our == their ? 1 : 0;
                explained += s_explained.ContainsKey((their, our)) ? 1 : 0;
                if (our != their && !s_explained.ContainsKey((their, our)))
                {
                    wrong.Add($"{Path.GetFileName(path)} {key}: nDPI {their}, ours {our}");
                }
            }
        }

        output.WriteLine($"{same} the same, {explained} explained, {wrong.Count} other\n{string.Join('\n', wrong)}");
        Assert.True(same > 400, "there were flows to compare");
        Assert.True(wrong.Count <= 0.005 * (same + wrong.Count), string.Join('\n', wrong));
    }

    private static Dictionary<string, string> Run(string path, string table)
    {
        ProcessStartInfo start = new("ndpiReader", ["-i", path, "-C", table])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return File.Exists(table) ? NdpiApplications.Parse(File.ReadLines(table, System.Text.Encoding.Latin1)) : [];
    }
}
