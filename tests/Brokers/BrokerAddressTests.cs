using FlowMeter.Engine.Brokers;

namespace FlowMeter.Tests.Brokers;

/// <summary>Addresses of brokers as they are typed.</summary>
public sealed class BrokerAddressTests
{
    [Theory]
    [InlineData("nats://broker.example/flows", "nats://broker.example/flows")]
    [InlineData("tls://[2001:db8::1]:4333/flows.site1", "tls://[2001:db8::1]:4333/flows.site1")]
    [InlineData("nats://n1:4222,n2:5222,n3/flows.>", "nats://n1,n2:5222,n3/flows.>")]
    [InlineData("nats://user:secret@n1/flows?sensor=east", "nats://n1/flows")]
    [InlineData("kafka://k1:9092,k2:9093,[::1]/flows?sensor=east", "kafka://k1,k2:9093,[::1]/flows")]
    [InlineData("kafkas://user:secret@k1:4222/site_1.flows-v2", "kafkas://k1:4222/site_1.flows-v2")]
    public void Its_name_has_nothing_secret(string text, string name) => Assert.Equal(name, BrokerAddress.Parse(text).Name);

    [Fact]
    public void A_login_and_settings_may_have_any_character()
    {
        BrokerAddress address = BrokerAddress.Parse("nats://a%40b:p%3Aw@n1/flows?sensor=s%201&creds=/etc/x.creds");
        Assert.Equal(("a@b", "p:w", "s 1"), (address.User, address.Password, address.Sensor));
        Assert.Equal("/etc/x.creds", address.Settings["creds"]);
    }

    [Theory]
    [InlineData("nats://n1/flows", false)]
    [InlineData("tls://n1/flows", true)]
    [InlineData("nats://n1/flows?ca=ca.pem", true)]
    [InlineData("kafka://k1/flows", false)]
    [InlineData("kafkas://k1/flows", true)]
    [InlineData("kafka://k1/flows?cert=c.pem", true)]
    public void TLS_is_asked_for_by_scheme_or_by_certificates(string text, bool isSecure) =>
        Assert.Equal(isSecure, BrokerAddress.Parse(text).IsSecure);

    [Theory]
    [InlineData("http://n1/flows", "is not the address of a broker")]
    [InlineData("nats://n1", "has no host or no subject")]
    [InlineData("nats://n1/", "has no host or no subject")]
    [InlineData("nats:///flows", "has no host or no subject")]
    [InlineData("nats://n1/flows..a", "flows..a is no subject")]
    [InlineData("nats://n1/flows a", "flows a is no subject")]
    [InlineData("nats://n1:0/flows", "n1:0 is no host")]
    [InlineData("nats://n1:99999/flows", "n1:99999 is no host")]
    [InlineData("nats://n1,/flows", " is no host")]
    [InlineData("nats://n1/flows?cas=x", "cas=x is no setting")]
    [InlineData("nats://n1/flows?ca=", "ca= is no setting")]
    [InlineData("nats://n1/flows?ca=a&ca=b", "ca=b is no setting")]
    [InlineData("kafka://k1", "has no host or no topic; write it as kafka://HOST/TOPIC, with several servers as")]
    [InlineData("kafka://k1/flows/x", "flows/x is no topic; topics are letters, digits, periods, _ and -")]
    [InlineData("kafka://k1/flows.*", "flows.* is no topic")]
    [InlineData("kafka://k1/..", ".. is no topic")]
    [InlineData("kafka://k1:x/flows", "k1:x is no host; write names, 192.0.2.1 or [2001:db8::1], with :PORT if it is not 9092.")]
    [InlineData("kafka://k1/flows?creds=x", "creds=x is no setting; those are sensor, ca, cert, key, sasl, password-file, each once")]
    [InlineData("kafka://u:p@k1/flows?sasl=gssapi", "sasl=gssapi is no login; those are plain, scram-sha-256, scram-sha-512.")]
    [InlineData("kafka://k1/flows?sasl=plain", "has no user; write it as kafka://USER@HOST/TOPIC.")]
    [InlineData("kafka://k1/flows?password-file=p", "has no user")]
    [InlineData("kafka://:p@k1/flows", "has no user")]
    [InlineData("kafka://u@k1/flows", "has no password of u; name its file with ?password-file=.")]
    [InlineData("kafka://u:p@k1/flows?password-file=p", "has two passwords; leave one of them out.")]
    public void What_is_none_is_refused(string text, string reason)
    {
        string message = Assert.Throws<FormatException>(() => BrokerAddress.Parse(text)).Message;
        Assert.StartsWith(text + ": ", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }
}
