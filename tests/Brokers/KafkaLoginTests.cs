using FlowMeter.Engine.Brokers;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Output;

namespace FlowMeter.Tests.Brokers;

/// <summary>Who gets in to Kafka, by the word of a server with TLS and logins in front of the mock.</summary>
public sealed class KafkaLoginTests
{
    [KafkaFact]
    public void A_user_is_known_by_the_password_in_the_address_or_in_a_file()
    {
        using TemporaryFolder folder = new();
        using KafkaCluster cluster = new();
        using KafkaFront front = new(cluster.Port, password: "|sensor|p@ss w");
        AssertIn($"kafka://sensor:p%40ss%20w@127.0.0.1:{front.Port}/flows");
        AssertIn($"kafka://sensor@127.0.0.1:{front.Port}/flows?password-file={folder.Write("password", "p@ss w\n")}");
        Assert.Equal(["PLAIN", "|sensor|p@ss w"], front.Seen.Distinct());
        AssertOut(
            $"kafka://sensor:other@127.0.0.1:{front.Port}/flows",
            "refuses: SASL ",
            "give user and password in the address, and its login with ?sasl=");
        Assert.Equal(2, cluster.Records().Length);
    }

    [KafkaFact]
    public void Another_login_is_asked_for_by_its_name()
    {
        using KafkaCluster cluster = new();
        using KafkaFront front = new(cluster.Port, password: "none");
        AssertOut($"kafka://sensor:p@127.0.0.1:{front.Port}/flows?sasl=scram-sha-512", "refuses: ", "give user and password");
        Assert.Equal("SCRAM-SHA-512", front.Seen[0]);
        Assert.StartsWith("n,,n=sensor,r=", front.Seen[1], StringComparison.Ordinal);
    }

    [KafkaFact]
    public void A_server_by_TLS_must_be_of_the_authority_and_of_the_name()
    {
        using TestCertificates certificates = new();
        using KafkaCluster cluster = new();
        using KafkaFront front = new(cluster.Port, certificates["server"]);
        AssertIn($"kafkas://127.0.0.1:{front.Port}/flows?ca={certificates.Authority}");
        AssertIn($"kafka://127.0.0.1:{front.Port}/flows?ca={certificates.Authority}");
        const string Advice = "name the authority with ?ca=FILE, and the server as in its certificate";
        AssertOut($"kafkas://127.0.0.1:{front.Port}/flows", "can not be trusted: SSL handshake failed: ", Advice);
        using KafkaFront other = new(cluster.Port, certificates["other"]);
        AssertOut(
            $"kafkas://127.0.0.1:{other.Port}/flows?ca={certificates.Authority}", "can not be trusted: SSL handshake failed: ", Advice);
    }

    [KafkaFact]
    public void A_client_shows_its_certificate_and_logs_in()
    {
        using TestCertificates certificates = new();
        using KafkaCluster cluster = new();
        using KafkaFront front = new(cluster.Port, certificates["server"], asksClient: true, "|u|p");
        AssertIn($"kafkas://u:p@127.0.0.1:{front.Port}/flows?ca={certificates.Authority}&cert={certificates.Client}");
        Assert.Equal(["CN=client", "PLAIN", "|u|p"], front.Seen.Distinct());
    }

    private static void AssertIn(string address)
    {
        using Publisher publisher = new(BrokerAddress.Parse(address));
        publisher.Write(0, 10);
        publisher.Output.Complete();
        Assert.Empty(publisher.Told);
        Assert.Equal(10, publisher.Broker.Acknowledged.Rows);
    }

    private static void AssertOut(string address, string reason, string advice)
    {
        using Publisher publisher = new(BrokerAddress.Parse(address));
        publisher.Write(0, 10);
        ResilientRun.Await(() => publisher.Told.Length == 1, "it was told");
        Assert.Contains($"/flows: {reason}", publisher.Told[0], StringComparison.Ordinal);
        Assert.Contains($"To do: {advice}", publisher.Told[0], StringComparison.Ordinal);
    }
}
