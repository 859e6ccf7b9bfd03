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
    public void Its_name_has_nothing_secret(string text, string name) => Assert.Equal(name, BrokerAddress.Parse(text).Name);

    [Fact]
    public void A_login_and_settings_may_have_any_character()
    {
        BrokerAddress address = BrokerAddress.Parse("nats://a%40b:p%3Aw@n1/flows?sensor=s%201&creds=/etc/x.creds");
        Assert.Equal(("a@b", "p:w", "s 1"), (address.User, address.Password, address.Sensor));
        Assert.Equal("/etc/x.creds", address.Settings["creds"]);
    }

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
    public void What_is_none_is_refused(string text, string reason)
    {
        string message = Assert.Throws<FormatException>(() => BrokerAddress.Parse(text)).Message;
        Assert.StartsWith(text + ": ", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }
}
