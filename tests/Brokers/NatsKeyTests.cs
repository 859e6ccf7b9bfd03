using FlowMeter.Engine.Brokers;

namespace FlowMeter.Tests.Brokers;

/// <summary>Keys of NATS users, by the example in the documentation of NATS.</summary>
public sealed class NatsKeyTests
{
    private const string Seed = "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY";

    [Fact]
    public void The_public_key_of_a_seed_is_that_of_the_documentation() =>
        Assert.Equal("UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4", NatsKey.FromSeed(Seed).PublicKey);

    [Fact]
    public void A_signature_is_the_same_each_time() =>
        Assert.Equal(NatsKey.FromSeed(Seed).Sign("nonce"u8), NatsKey.FromSeed(Seed).Sign("nonce"u8));

    [Theory]
    [InlineData("")]
    [InlineData("SU")]
    [InlineData("SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VX")]
    [InlineData("suacssl3uahudxkfsnvuzrf5uhpmwz6bfdtj7m6usdxiednppqyyycu3vy")]
    public void What_is_no_seed_is_refused(string text) => Assert.Throws<FormatException>(() => NatsKey.FromSeed(text));
}
