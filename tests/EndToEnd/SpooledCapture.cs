using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>A capture from loopback that publishes JSON Lines and has a spool, and flows for it.</summary>
/// <param name="folder">Where its spool, summary and messages are.</param>
/// <param name="port">The port that its flows are sent to.</param>
internal sealed partial class SpooledCapture(TemporaryFolder folder, int port)
{
    /// <summary>What it has said.</summary>
    public string Errors => folder.Peek("errors");

    /// <summary>Rows in the files of the spool.</summary>
    public int Spooled => RowPattern().Count(folder.PeekAll("spool/*"));

    /// <summary>Starts it, and waits until it captures.</summary>
    /// <param name="broker">The address to publish to.</param>
    public Launched Start(string broker)
    {
        Directory.CreateDirectory(folder["spool"]);
        folder.Write("errors", "");
        Launched process = Launched.Start(
            "sh", "-c", "f=$1; shift; exec \"$@\" 2>\"$f\"", "sh", folder["errors"], FlowMeterBinary.Path!, "capture", "-i", "lo",
            "--filter", $"udp dst port {port}", "--idle-timeout", "300ms", "--format", "jsonl", "--to", broker, "--spool",
            $"{folder["spool"]},8MB", "--summary", folder["s.json"], "--stats-every", "100ms");
        process.Await(() => Errors.Contains(" flows live", StringComparison.Ordinal), "it captured");
        return process;
    }

    /// <summary>What the summary of the ended run says of the broker.</summary>
    public System.Text.Json.JsonElement Broker => Summary.Read(folder["s.json"])["capture"].GetProperty("broker");

    /// <summary>Sends a packet from each of so many ports.</summary>
    public void Send(int flows)
    {
        for (int flow = 0; flow < flows; flow++)
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 20_000 + flow));
            socket.SendTo("x"u8, new IPEndPoint(IPAddress.Loopback, port));
        }
    }

    [GeneratedRegex("\"src_port\":")]
    private static partial Regex RowPattern();
}
