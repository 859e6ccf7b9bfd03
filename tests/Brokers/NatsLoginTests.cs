using FlowMeter.Engine.Output;
using FlowMeter.Tests.EndToEnd;
using FlowMeter.Tests.Output;

namespace FlowMeter.Tests.Brokers;

/// <summary>Who gets in, by the word of a real server; one that lets somebody in says next that it has no stream.</summary>
public sealed class NatsLoginTests
{
    private const string In = "has no stream that takes the subject flows";
    private const string Out = "refuses: Authorization Violation";
    private const string Seed = "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY";
    private const string Key = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";

    [NatsFact]
    public void A_user_is_known_by_the_password()
    {
        using NatsServerProcess server = new("authorization { user: sensor, password: \"p@ss\" }");
        AssertTold(In, server, login: "sensor:p%40ss@");
        AssertTold(Out, server, login: "sensor:pass@");
        AssertTold(Out, server);
    }

    [NatsFact]
    public void A_token_stands_alone()
    {
        using NatsServerProcess server = new("authorization { token: \"s3cret\" }");
        AssertTold(In, server, login: "s3cret@");
        AssertTold(Out, server, login: "secret@");
    }

    [NatsFact]
    public void A_key_signs_what_the_server_asks()
    {
        using TemporaryFolder folder = new();
        folder.Write("sensor.nk", Seed + "\n");
        using NatsServerProcess server = new($"authorization {{ users: [ {{ nkey: {Key} }} ] }}");
        AssertTold(In, server, settings: $"?nkey={folder["sensor.nk"]}");
        AssertTold(Out, server);
        using NatsServerProcess other = new(
            "authorization { users: [ { nkey: UBAAQWTW6CG2G6ANGNKB5U2B7HRWHSGMZEZX3AQSAJOQDAUGJD46LD2E } ] }");
        AssertTold(Out, other, settings: $"?nkey={folder["sensor.nk"]}");
    }

    [NatsFact]
    public void A_server_by_TLS_must_be_of_the_authority_and_of_the_name()
    {
        using TestCertificates certificates = new();
        using NatsServerProcess server = new(certificates.Configuration("server"));
        string trusted = $"?ca={certificates.Authority}";
        AssertTold(In, server, settings: trusted);
        AssertTold(In, server, settings: trusted, scheme: "tls");
        AssertTold("can not be trusted: its certificate is not trusted:", server);
        AssertTold("can not be trusted: its certificate is not trusted:", server, scheme: "tls");
        using NatsServerProcess other = new(certificates.Configuration("other"));
        AssertTold("can not be trusted: its certificate is not trusted: IP address mismatch", other, settings: trusted);
    }

    [NatsFact]
    public void A_client_shows_its_certificate_where_it_is_asked_for()
    {
        using TestCertificates certificates = new();
        using NatsServerProcess server = new(certificates.Configuration("server", asksClient: true));
        AssertTold(In, server, settings: $"?ca={certificates.Authority}&cert={certificates.Client}");
        AssertTold("To do: ", server, settings: $"?ca={certificates.Authority}");
        AssertNotTold(In, server, settings: $"?ca={certificates.Authority}");
    }

    [NatsFact]
    public void Rows_go_by_TLS_as_they_go_in_the_clear()
    {
        using TestCertificates certificates = new();
        using TemporaryFolder folder = new();
        using NatsServerProcess server = new(certificates.Configuration("server") + "\nallow_non_tls: true");
        server.MakeStream();
        string trusted = $"?ca={certificates.Authority}";
        using Publisher publisher = new(server.Address(settings: trusted));
        for (int block = 0; block < 200; block++)
        {
            publisher.Write(block * 1000, 1000);
        }

        publisher.Output.Complete();
        Assert.Equal(200_000, publisher.Broker.Acknowledged.Rows);
        using Collecting collecting = new(server.Address(settings: trusted), folder["t.csv"]);
        collecting.Finish(200_000);
        Assert.Equal(
            Enumerable.Range(0, 200_000).Select(number => Publisher.Row("s1", number)).Order(StringComparer.Ordinal),
            Collecting.Rows(folder));
    }

    [Theory]
    [InlineData("?nkey={0}", "has no seed of a user's key, which begins with SU")]
    [InlineData("?creds={0}", "has no JWT of a user")]
    [InlineData("?ca={0}", "has no certificates of authorities in PEM")]
    [InlineData("?ca=/none", "has no certificates of authorities in PEM")]
    [InlineData("?nkey=/none", "Could not find file '/none'")]
    public void A_file_that_is_none_of_its_kind_is_said_before_anything_is_connected_to(string settings, string reason)
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("file", "nothing of use\n");
        string message = Assert.Throws<OutputException>(() => new Publisher(FlowMeter.Engine.Brokers.BrokerAddress.Parse(
            "nats://127.0.0.1:1/flows" + string.Format(System.Globalization.CultureInfo.InvariantCulture, settings, file)))).Message;
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    private static void AssertTold(
        string reason, NatsServerProcess server, string login = "", string settings = "", string scheme = "nats") =>
        Assert.Contains(reason, Told(server, login, settings, scheme), StringComparison.Ordinal);

    private static void AssertNotTold(
        string reason, NatsServerProcess server, string login = "", string settings = "", string scheme = "nats") =>
        Assert.DoesNotContain(reason, Told(server, login, settings, scheme), StringComparison.Ordinal);

    private static string Told(NatsServerProcess server, string login, string settings, string scheme)
    {
        using Publisher publisher = new(server.Address("flows", login, settings, scheme));
        publisher.Write(0, 1);
        ResilientRun.Await(() => publisher.Told.Length > 0, "something was told");
        return publisher.Told[0];
    }
}
