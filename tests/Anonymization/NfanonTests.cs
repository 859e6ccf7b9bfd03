using System.Net;
using System.Net.Sockets;
using System.Text;
using FlowMeter.Engine.Anonymization;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Export.Ipfix;
using static FlowMeter.Tests.Support.PacketBuilder;

namespace FlowMeter.Tests.Anonymization;

/// <summary>
/// nfdump's anonymiser under the same key. It is a peer for IPv4 only: what nfanon 1.7.1 makes of IPv6 is no Crypto-PAn
/// (docs/decisions.md).
/// </summary>
public sealed class NfanonTests : IDisposable
{
    private const string Key = "0123456789abcdef0123456789ABCDEF";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ToolFact("nfanon")]
    public void IPv4_addresses_become_those_of_nfanon()
    {
        Random random = new(7);
        string capture = _folder.WriteCapture("many.pcap", [.. Enumerable.Range(0, 300).Select(second =>
            Samples.Ethernet(second / 100.0, IPv4(Address(), Address(), UdpProtocol, Udp(1000, 2000))))]);
        Directory.CreateDirectory(_folder["flows"]);
        Launched.Start("nfpcapd", "-r", capture, "-w", _folder["flows"]).Finish().Succeeded();
        string flows = Directory.GetFiles(_folder["flows"]).Order(StringComparer.Ordinal).First();
        Launched.Start("nfanon", "-q", "-K", Key, "-r", flows, "-w", _folder["other"]).Finish().Succeeded();
        string[] plain = Addresses(flows);
        AddressAnonymizer anonymizer = new(AnonymizationKey.Parse(Encoding.ASCII.GetBytes(Key)));

        Assert.Equal(600, plain.Length);
        Assert.Equal(plain.Select(Anonymized), Addresses(_folder["other"]));

        string Address() => new IPAddress((long)(uint)random.Next(int.MinValue, int.MaxValue)).ToString();

        string Anonymized(string address)
        {
            byte[] bytes = IPAddress.Parse(address).GetAddressBytes();
            anonymizer.Replace(bytes);
            return new IPAddress(bytes).ToString();
        }
    }

    /// <summary>Both addresses of each IPv4 flow, in the order of the file.</summary>
    private static string[] Addresses(string file) =>
    [
        .. Launched.Start("nfdump", "-q", "-r", file, "-o", "fmt:%sa %da", "ipv4").Finish().Succeeded().Output
            .Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Where(text => IPAddress.TryParse(text, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetwork),
    ];
}
