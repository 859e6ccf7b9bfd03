using System.Runtime.Intrinsics;
using FlowMeter.Engine.Ciphers;
using FlowMeter.Engine.Decode;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Ciphers;

/// <summary>The rounds that a flow's hash is made of give the same bits on every processor.</summary>
[Trait("Category", "Vector")]
public sealed class AesRoundTests
{
    /// <summary>FIPS 197, appendix B: the first round of the example.</summary>
    [Fact]
    public void A_round_in_software_is_that_of_the_standard() =>
        Assert.Equal(
            "A49C7FF2689F352B6B5BEA43026A5049",
            Hex(AesTable.Apply(Bytes("193DE3BEA0F4E22B9AC68D2AE9F84808"), Bytes("A0FAFE1788542CB123A339392A6C7605"))));

    [Fact]
    public void A_round_of_the_processor_equals_that_in_software()
    {
        if (!AesInstruction.IsSupported)
        {
            return;
        }

        Random random = new(1);
        byte[] bytes = new byte[32];
        for (int i = 0; i < 100_000; i++)
        {
            random.NextBytes(bytes);
            Vector128<byte> state = Vector128.Create(bytes);
            Vector128<byte> key = Vector128.Create(bytes, 16);
            Assert.Equal(AesTable.Apply(state, key), AesInstruction.Apply(state, key));
        }
    }

    /// <summary>As a program of another language says, which has neither the instruction nor the table.</summary>
    [Fact]
    public void The_hash_of_a_key_is_known()
    {
        FlowHash hash = new(7);
        FlowKey key = TestKeys.Of(3);
        Assert.Equal(0xE2CA_AD57_896F_5302UL, hash.Compute(in key, out ulong other));
        Assert.Equal(0xA6B0_8BA8_AA98_BB13UL, other);
        Assert.Equal(hash.Compute(in key), hash.Compute<AesTable>(in key, out _));
    }

    private static Vector128<byte> Bytes(string hex) => Vector128.Create(Convert.FromHexString(hex));

    private static string Hex(Vector128<byte> bytes)
    {
        byte[] copy = new byte[16];
        bytes.CopyTo(copy);
        return Convert.ToHexString(copy);
    }
}
