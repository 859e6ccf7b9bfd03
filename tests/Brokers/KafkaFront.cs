using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace FlowMeter.Tests.Brokers;

/// <summary>
/// What a broker has in front of it and the mock has not: TLS, and a login that it answers itself. All else goes to the mock, whose port is
/// replaced by its own in what the mock says of the cluster.
/// </summary>
internal sealed class KafkaFront : IDisposable
{
    private const short ApiVersions = 18;
    private const short Handshake = 17;
    private const short Authenticate = 36;
    private const short LoginFailed = 58;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _behind;
    private readonly X509Certificate2? _certificate;
    private readonly bool _asksClient;
    private readonly string? _password;
    private readonly List<string> _seen = [];
    private volatile bool _isEnded;

    /// <param name="behind">The mock's port.</param>
    /// <param name="certificate">A PEM file with certificate and key; null: no TLS.</param>
    /// <param name="asksClient">Whether clients have to show a certificate.</param>
    /// <param name="password">What logs in; null: nobody has to.</param>
    public KafkaFront(int behind, string? certificate = null, bool asksClient = false, string? password = null)
    {
        (_behind, _asksClient, _password) = (behind, asksClient, password);
        using X509Certificate2? read = certificate == null ? null : X509Certificate2.CreateFromPemFile(certificate);

        // SslStream takes no key that was never in a store.
        _certificate = read == null ? null : X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
        _listener.Start();
        Start(Accept);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Mechanisms, logins and subjects of certificates that clients brought.</summary>
    public string[] Seen
    {
        get
        {
            lock (_seen)
            {
                return [.. _seen];
            }
        }
    }

    public void Dispose()
    {
        _isEnded = true;
        _listener.Dispose();
        _certificate?.Dispose();
    }

    private static void Start(Action action) => new Thread(() =>
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException
            or System.Security.Authentication.AuthenticationException)
        {
            // The client or the test has gone.
        }
    }) { IsBackground = true }.Start();

    private void Accept()
    {
        while (!_isEnded)
        {
            TcpClient client = _listener.AcceptTcpClient();
            Start(() => Serve(client));
        }
    }

    private void Serve(TcpClient client)
    {
        using TcpClient from = client;
        using Stream stream = Secure(client.GetStream());
        using TcpClient to = new("127.0.0.1", _behind);
        using NetworkStream mock = to.GetStream();
        bool isIn = _password == null;
        while (Frame(stream) is { } request)
        {
            short api = BinaryPrimitives.ReadInt16BigEndian(request.AsSpan(4));
            if (api is Handshake or Authenticate)
            {
                stream.Write(api == Handshake ? AnswerHandshake(request) : AnswerLogin(request, ref isIn));
                continue;
            }

            if (!isIn && api != ApiVersions)
            {
                return;
            }

            mock.Write(request);
            byte[] answer = Frame(mock) ?? throw new IOException();
            stream.Write(api == ApiVersions ? WithLogin(answer) : WithPort(answer));
        }
    }

    private Stream Secure(NetworkStream stream)
    {
        if (_certificate == null)
        {
            return stream;
        }

        SslStream secure = new(stream);
        secure.AuthenticateAsServer(new SslServerAuthenticationOptions
        {
            ServerCertificate = _certificate,
            ClientCertificateRequired = _asksClient,
            RemoteCertificateValidationCallback = (_, shown, _, _) => !_asksClient || (shown != null && See(shown.Subject)),
        });
        return secure;
    }

    private byte[] AnswerHandshake(byte[] request)
    {
        // Behind the header: the length of the client's name, the name, the mechanism.
        int name = 14 + BinaryPrimitives.ReadInt16BigEndian(request.AsSpan(12));
        byte[] mechanism = request[name..];
        _ = See(Encoding.ASCII.GetString(mechanism.AsSpan(2)));
        return Answer(request, [0, 0, 0, 0, 0, 1, .. mechanism]);
    }

    private byte[] AnswerLogin(byte[] request, ref bool isIn)
    {
        int name = 14 + BinaryPrimitives.ReadInt16BigEndian(request.AsSpan(12));
        string login = Encoding.UTF8.GetString(request.AsSpan(name + 4)).Replace('\0', '|');
        _ = See(login);
        isIn = login == _password;
        return Answer(request, [0, isIn ? (byte)0 : (byte)LoginFailed, 0xff, 0xff, 0, 0, 0, 0]);
    }

    private bool See(string what)
    {
        lock (_seen)
        {
            _seen.Add(what);
        }

        return true;
    }

    /// <summary>An answer of versions 0 to 2, which are the mock's, with two entries more: key, lowest and highest version.</summary>
    private byte[] WithLogin(byte[] answer)
    {
        if (_password == null)
        {
            return answer;
        }

        const int Count = 10;
        byte[] entries = [0, (byte)Handshake, 0, 0, 0, 1, 0, (byte)Authenticate, 0, 0, 0, 0];
        byte[] whole = [.. answer[..(Count + 4)], .. entries, .. answer[(Count + 4)..]];
        BinaryPrimitives.WriteInt32BigEndian(whole, whole.Length - 4);
        BinaryPrimitives.WriteInt32BigEndian(whole.AsSpan(Count), BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(Count)) + 2);
        return whole;
    }

    private byte[] WithPort(byte[] answer)
    {
        byte[] ours = [.. "127.0.0.1"u8, 0, 0, (byte)(Port >> 8), (byte)Port];
        byte[] theirs = [.. "127.0.0.1"u8, 0, 0, (byte)(_behind >> 8), (byte)_behind];
        for (int at = 0, next; (next = answer.AsSpan(at).IndexOf(theirs)) >= 0; at += next)
        {
            ours.CopyTo(answer, at + next);
        }

        return answer;
    }

    private static byte[] Answer(byte[] request, byte[] body)
    {
        byte[] answer = [0, 0, 0, (byte)(body.Length + 4), .. request[8..12], .. body];
        return answer;
    }

    private static byte[]? Frame(Stream stream)
    {
        byte[] length = new byte[4];
        if (stream.ReadAtLeast(length, 4, throwOnEndOfStream: false) < 4)
        {
            return null;
        }

        byte[] frame = [.. length, .. new byte[BinaryPrimitives.ReadInt32BigEndian(length)]];
        stream.ReadExactly(frame.AsSpan(4));
        return frame;
    }
}
