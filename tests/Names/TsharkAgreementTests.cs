using FlowMeter.Tests.Export.Ipfix;
using FlowMeter.Tests.Support;
using Xunit.Abstractions;

namespace FlowMeter.Tests.Names;

/// <summary>
/// Names are those that tshark finds, on the captures of the JA4 repository and every 40th of the corpus. In all of the 1,527 captures, the
/// comments of <see cref="Agreement"/> explain every difference, but for eleven messages that are broken or at another port.
/// </summary>
public sealed class TsharkAgreementTests(ITestOutputHelper output)
{
    private const int Every = 40;

    [ToolFact("tshark")]
    public void Names_are_those_of_tshark()
    {
        if (SharedFolder.Path is null)
        {
            return;
        }

        Agreement agreement = new();
        IEnumerable<string> whole = Directory.EnumerateFiles(Path.Combine(SharedFolder.Path, "peers", "ja4"), "*.pcap*");
        foreach (string path in whole.Concat(SharedFolder.Captures().Where((_, i) => i % Every == 0)))
        {
            agreement.Add(Path.GetFileName(path), NamingRun.OfFile(path), TsharkNames.OfFile(path));
        }

        output.WriteLine(agreement.ToString());
        Assert.True(agreement.TotalOf("SNI") > 100 && agreement.TotalOf("DNS name") > 50, "there were flows to compare");
        Assert.All(Agreement.Kinds, kind => Assert.True(agreement.ShareOf(kind) >= 0.995, $"{kind}: {agreement.ShareOf(kind):P2}"));
        Assert.Empty(agreement.Differences);
    }
}
