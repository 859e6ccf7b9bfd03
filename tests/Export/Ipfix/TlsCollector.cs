using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using FlowMeter.Tests.Brokers;

namespace FlowMeter.Tests.Export.Ipfix;

/// <summary>The server of OpenSSL on loopback, which takes one connection and keeps what comes by it.</summary>
internal sealed class TlsCollector : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    private readonly Process _server;
    private readonly MemoryStream _received = new();
    private readonly Task _receiving;

    /// <summary>Starts it.</summary>
    /// <param name="certificates">Where its certificate is.</param>
    /// <param name="name">The certificate's name there.</param>
    /// <param name="asksClient">Whether clients must show a certificate of the same authority.</param>
    public TlsCollector(TestCertificates certificates, string name = "server", bool asksClient = false)
    {
        int port = FreePort();
        Place = string.Create(CultureInfo.InvariantCulture, $"tls://127.0.0.1:{port}");
        string file = certificates.PathOf(name);
        string[] asking = asksClient ? ["-Verify", "1", "-verify_return_error", "-CAfile", certificates.Authority] : [];
        ProcessStartInfo start = new("openssl",
        [
            "s_server", "-quiet", "-naccept", "1", "-accept", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), "-cert",
            file, "-key", file, .. asking,
        ])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        _server = Process.Start(start)!;
        _receiving = Task.WhenAll(
            _server.StandardOutput.BaseStream.CopyToAsync(_received), _server.StandardError.BaseStream.CopyToAsync(Stream.Null));
        Stopwatch clock = Stopwatch.StartNew();
        while (!IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(listener => listener.Port == port))
        {
            Assert.True(!_server.HasExited && clock.Elapsed < s_limit, "it does not listen");
            Thread.Sleep(10);
        }
    }

    /// <summary>Its address, without settings.</summary>
    public string Place { get; }

    /// <summary>What has come by the end of the connection.</summary>
    public byte[] Received()
    {
        Assert.True(_receiving.Wait(s_limit), "the connection does not end");
        return _received.ToArray();
    }

    public void Dispose()
    {
        if (!_server.HasExited)
        {
            _server.Kill();
            _server.WaitForExit();
        }

        _server.Dispose();
        _received.Dispose();
    }

    private static int FreePort()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
