using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlowMeter.Tests.EndToEnd;

namespace FlowMeter.Tests.Brokers;

/// <summary>An authority and two certificates of it, as PEM files in a folder of their own.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly X509Certificate2 _authority;

    public TestCertificates()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        _folder.Write("ca.pem", _authority.ExportCertificatePem());
        Make("server", names =>
        {
            names.AddIpAddress(IPAddress.Loopback);
            names.AddDnsName("localhost");
        });
        Make("other", names => names.AddDnsName("other.example"));
        Make("client", names => names.AddDnsName("client.example"));
    }

    public string Authority => _folder["ca.pem"];

    public string Client => this["client"];

    /// <summary>The PEM file of a certificate and its key: server, other or client.</summary>
    public string this[string name] => _folder[$"{name}.pem"];

    /// <summary>The file with a certificate and its key: of the server on loopback, of some other one, or of a client.</summary>
    public string PathOf(string name) => _folder[$"{name}.pem"];

    /// <summary>The part of a server's configuration that has TLS.</summary>
    public string Configuration(string name, bool asksClient = false) =>
        $"tls {{ cert_file: \"{_folder[name + ".pem"]}\", key_file: \"{_folder[name + ".pem"]}\", ca_file: \"{Authority}\", "
            + $"verify: {(asksClient ? "true" : "false")} }}";

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    private void Make(string name, Action<SubjectAlternativeNameBuilder> add)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        add(names);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.Create(
            _authority, _authority.NotBefore, _authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        _folder.Write($"{name}.pem", certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
    }
}
