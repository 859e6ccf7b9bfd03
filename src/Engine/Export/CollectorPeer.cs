using System.Net;
using System.Net.Sockets;
using FlowMeter.Engine.Output;
using FlowMeter.Native;

namespace FlowMeter.Engine.Export;

/// <summary>
/// A collector that is looked up and whose files for TLS are read: a run does so before it enters its sandbox, where it can do neither, and
/// connects as often as it takes afterwards.
/// </summary>
public sealed class CollectorPeer : IDisposable
{
    private readonly IPEndPoint _place;
    private readonly TlsClient? _tls;

    private CollectorPeer(CollectorAddress address, IPEndPoint place, TlsClient? tls) =>
        (Address, _place, _tls) = (address, place, tls);

    /// <summary>What was typed.</summary>
    public CollectorAddress Address { get; }

    /// <summary>TCP ports that are connected to; none over UDP.</summary>
    public IReadOnlyList<ushort> TcpPorts => Address.Transport == CollectorTransport.Udp ? [] : [Address.Port];

    /// <summary>Looks a collector up, and reads the files that its address names.</summary>
    /// <exception cref="OutputException">It has no address, or a file is none of its kind; or there is no OpenSSL for TLS.</exception>
    public static CollectorPeer Find(CollectorAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        try
        {
            IPEndPoint place = Dns.GetHostAddresses(address.Host) is [var first, ..]
                ? new IPEndPoint(first, address.Port)
                : throw new SocketException((int)SocketError.HostNotFound);
            return new CollectorPeer(address, place, address.Transport == CollectorTransport.Tls ? TrustOf(address) : null);
        }
        catch (SocketException e)
        {
            throw new OutputException(
                $"{address}: {address.Host} has no address: {CollectorSocket.ReasonOf(e.SocketErrorCode)}; check the name.", e);
        }
        catch (OpenSslException e)
        {
            throw new OutputException($"{address}: {e.Message}; name another file, or leave it out.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _tls?.Dispose();

    /// <summary>Connects; over UDP that only names the other end.</summary>
    /// <param name="patience">How long the connection may take, and each answer of its handshake.</param>
    /// <exception cref="IOException">There is no connection.</exception>
    internal CollectorSocket Connect(TimeSpan patience)
    {
        CollectorSocket socket = CollectorSocket.Connect(_place, Address.Transport != CollectorTransport.Udp, patience);
        if (_tls != null)
        {
            socket.Secure(_tls, Address.Host, patience);
        }

        return socket;
    }

    private static TlsClient TrustOf(CollectorAddress address)
    {
        string? Setting(string name) => address.Settings.GetValueOrDefault(name);
        return TlsClient.Create(Setting("ca"), Setting("cert"), Setting("key"));
    }
}
