using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using FlowMeter.Engine.Brokers;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Output;

namespace FlowMeter.Tests.Brokers;

/// <summary>A nats-server with JetStream of a test's own, on a free port of this machine; killed with the test.</summary>
internal sealed class NatsServerProcess : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _options;
    private Launched _process;
    private bool _isDead;

    public NatsServerProcess(string configuration = "", int? port = null)
    {
        Port = port ?? FreePort();
        _options =
        [
            "-c", _folder.Write("nats.conf", configuration.Replace("{folder}", _folder.Path, StringComparison.Ordinal)), "-js", "-sd",
            _folder["js"], "-a", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture),
        ];
        _process = Start();
    }

    public int Port { get; }

    /// <summary>The address of a subject.</summary>
    public BrokerAddress Address(string subject = "flows", string login = "", string settings = "", string scheme = "nats") =>
        BrokerAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"{scheme}://{login}127.0.0.1:{Port}/{subject}{settings}"));

    public void Signal(string name) => _process.Signal(name);

    public void Kill()
    {
        _process.Signal("KILL");
        _process.AwaitEnd();
        _isDead = true;
    }

    public void Restart()
    {
        _process = Start();
        _isDead = false;
    }

    /// <summary>Makes the stream flows, of the subject flows and those below it.</summary>
    public void MakeStream(int replicas = 1) => Request(
        "$JS.API.STREAM.CREATE.flows",
        $$"""{"name":"flows","subjects":["flows","flows.>"],"num_replicas":{{replicas.ToString(CultureInfo.InvariantCulture)}}}""");

    /// <summary>Messages in the stream.</summary>
    public long Messages =>
        Request("$JS.API.STREAM.INFO.flows", "").GetProperty("state").GetProperty("messages").GetInt64();

    /// <summary>Whether so many consumers have acknowledged all messages.</summary>
    public bool IsAllTaken(int consumers)
    {
        JsonElement[] all = [.. Request("$JS.API.CONSUMER.LIST.flows", "").GetProperty("consumers").EnumerateArray()];
        return all.Length == consumers && all.All(consumer =>
            consumer.GetProperty("num_pending").GetInt64() == 0 && consumer.GetProperty("num_ack_pending").GetInt64() == 0);
    }

    /// <summary>Publishes anything.</summary>
    public void Publish(string subject, string body) => Request(subject, body);

    public void Dispose()
    {
        if (!_isDead)
        {
            _process.Signal("CONT");
            Kill();
        }

        _folder.Dispose();
    }

    /// <summary>A port that nobody listens on.</summary>
    public static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private Launched Start()
    {
        Launched process = Launched.Start("nats-server", _options);
        process.Await(IsListening, "the server listened");
        return process;
    }

    private bool IsListening()
    {
        try
        {
            using TcpClient client = new("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>A client of its own: a request and its answer, without any of the program's code; again where nobody answers.</summary>
    private JsonElement Request(string subject, string body)
    {
        JsonElement? answer = null;
        ResilientRun.Await(() => (answer = TryRequest(subject, body)) != null, $"{subject} was answered");
        return answer!.Value;
    }

    private JsonElement? TryRequest(string subject, string body)
    {
        try
        {
            using TcpClient client = new("127.0.0.1", Port) { ReceiveTimeout = 2000 };
            using StreamReader lines = new(client.GetStream());
            client.GetStream().Write(Encoding.UTF8.GetBytes(
                $"CONNECT {{\"verbose\":false,\"headers\":true,\"no_responders\":true}}\r\nSUB in 1\r\n"
                    + $"PUB {subject} in {Encoding.UTF8.GetByteCount(body)}\r\n{body}\r\n"));
            string line = "";
            while (!line.StartsWith("MSG in", StringComparison.Ordinal))
            {
                // A message with a header says that JetStream is not up yet.
                line = lines.ReadLine() ?? "HMSG in";
                if (line.StartsWith("HMSG in", StringComparison.Ordinal))
                {
                    throw new IOException();
                }
            }

            JsonElement answer = JsonDocument.Parse(lines.ReadLine()!).RootElement.Clone();
            return answer.TryGetProperty("error", out _) ? null : answer;
        }
        catch (IOException)
        {
            Thread.Sleep(50);
            return null;
        }
    }
}
