using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using FlowMeter.Engine.Output;
using FlowMeter.Native;

namespace FlowMeter.Engine.Brokers;

/// <summary>How a NATS server is logged in to: in the clear or by TLS, with user, token, key or credentials. Files are read once.</summary>
internal sealed class NatsLogin : IDisposable
{
    private readonly BrokerAddress _address;
    private readonly bool _isSecure;
    private readonly string? _token;
    private NatsKey? _key;
    private TlsClient? _tls;

    /// <summary>Reads the files that an address names.</summary>
    /// <exception cref="OutputException">One of them can not be read, or is none of its kind.</exception>
    public NatsLogin(BrokerAddress address)
    {
        _address = address;
        string? Setting(string name) => address.Settings.GetValueOrDefault(name);
        _isSecure = address.IsSecure;
        string place = address.Name;
        try
        {
            if (Setting("creds") is { } credentials)
            {
                place = credentials;
                string[] lines = File.ReadAllLines(credentials);
                _token = lines.SkipWhile(line => !line.Contains("BEGIN NATS USER JWT", StringComparison.Ordinal)).Skip(1).FirstOrDefault()
                    ?.Trim() ?? throw new FormatException("has no JWT of a user");
                _key = KeyIn(lines);
            }
            else if (Setting("nkey") is { } key)
            {
                place = key;
                _key = KeyIn(File.ReadAllLines(key));
            }

            if (_isSecure)
            {
                place = address.Name;
                _tls = TlsClient.Create(Setting("ca"), Setting("cert"), Setting("key"));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or OpenSslException)
        {
            throw new OutputException($"{place}: {FlowMeter.Engine.Text.FailureReason.Of(e)}; name another file, or leave it out.", e);
        }
    }

    /// <summary>Whether a connection to a server goes on by TLS.</summary>
    /// <param name="info">What the server says of itself.</param>
    public bool Secures(JsonElement info) => _isSecure || Says(info, "tls_required");

    /// <summary>Goes on by TLS.</summary>
    /// <exception cref="BrokerException">The server is not trusted, or does not want it.</exception>
    /// <exception cref="IOException">The connection ended.</exception>
    public Stream Secure(Socket socket, string host)
    {
        try
        {
            _tls ??= TlsClient.Create(null, null, null);
            return new TlsStream(_tls, socket, host);
        }
        catch (OpenSslException e)
        {
            throw new BrokerException(
                $"can not be trusted: {e.Message}", "name the authority with ?ca=FILE, and the server as in its certificate", e);
        }
    }

    /// <summary>The options of CONNECT, as JSON.</summary>
    /// <param name="info">What the server says of itself.</param>
    public byte[] Options(JsonElement info)
    {
        using MemoryStream json = new();
        using (Utf8JsonWriter to = new(json))
        {
            to.WriteStartObject();
            to.WriteBoolean("verbose", false);
            to.WriteBoolean("pedantic", false);
            to.WriteBoolean("tls_required", _isSecure);
            to.WriteString("name", "flowmeter");
            to.WriteString("lang", "flowmeter");
            to.WriteString("version", "1");
            to.WriteNumber("protocol", 1);
            to.WriteBoolean("headers", true);
            to.WriteBoolean("no_responders", true);
            if (_address.Password != null)
            {
                to.WriteString("user", _address.User);
                to.WriteString("pass", _address.Password);
            }
            else if (_address.User != null)
            {
                to.WriteString("auth_token", _address.User);
            }

            if (_key != null && info.TryGetProperty("nonce", out JsonElement nonce) && nonce.GetString() is { } challenge)
            {
                to.WriteString("sig", _key.Sign(Encoding.UTF8.GetBytes(challenge)));
                to.WriteString(_token == null ? "nkey" : "jwt", _token ?? _key.PublicKey);
            }

            to.WriteEndObject();
        }

        return json.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => _tls?.Dispose();

    private static bool Says(JsonElement info, string name) =>
        info.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;

    private static NatsKey KeyIn(string[] lines) =>
        NatsKey.FromSeed(lines.Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith("SU", StringComparison.Ordinal)) ?? "");
}
