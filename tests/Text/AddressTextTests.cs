using System.Globalization;
using System.Net;

namespace FlowMeter.Tests.Text;

public class AddressTextTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("1.22.203.4")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("1::")]
    [InlineData("2001:db8::1")]
    [InlineData("2001:db8:0:1:1:1:1:1")] // one zero group is not shortened
    [InlineData("2001:db8::1:0:0:1")] // the first of equal runs
    [InlineData("2001:0:0:1::1")] // the longer run, though later
    [InlineData("0:1:2:3:4:5:6:0")]
    [InlineData("::2:3:4:5:6:7")]
    [InlineData("2:3:4:5:6:7::")]
    [InlineData("fe80::1ff:fe23:4567:890a")]
    [InlineData("abcd:ef01:2345:6789:abcd:ef01:2345:6789")]
    [InlineData("::ffff:192.0.2.128")]
    [InlineData("::ffff:0:1:2")]
    [InlineData("::fffe:c000:280")]
    public void Canonical_texts_come_back(string text) => Assert.Equal(text, TextOf.Address(IPAddress.Parse(text).GetAddressBytes()));

    [Fact]
    public void Every_octet_in_every_place()
    {
        for (int place = 0; place < 4; place++)
        {
            for (int octet = 0; octet < 256; octet++)
            {
                byte[] address = [9, 99, 199, 0];
                address[place] = (byte)octet;
                Assert.Equal(new IPAddress(address).ToString(), TextOf.Address(address));
            }
        }
    }

    [Fact]
    public void Every_group_value()
    {
        byte[] address = new byte[16];
        address[1] = 1;
        for (int group = 0; group <= ushort.MaxValue; group++)
        {
            address[14] = (byte)(group >> 8);
            address[15] = (byte)group;
            Check(address);
        }
    }

    [Fact]
    public void Every_pattern_of_zero_groups()
    {
        for (int pattern = 0; pattern < 256; pattern++)
        {
            byte[] address = new byte[16];
            for (int group = 0; group < 8; group++)
            {
                address[(2 * group) + 1] = (byte)(pattern >> group & 1);
            }

            Check(address);
        }
    }

    [Fact]
    public void Random_addresses_with_many_zero_groups()
    {
        var random = new Random(1);
        byte[] address = new byte[16];
        for (int i = 0; i < 200_000; i++)
        {
            random.NextBytes(address);
            int zeroGroups = random.Next(256);
            for (int group = 0; group < 8; group++)
            {
                int kept = (zeroGroups >> group & 1) == 0 ? 16 : random.Next(4) * 4 & random.Next(16);
                int value = (address[2 * group] << 8 | address[(2 * group) + 1]) & ((1 << kept) - 1);
                address[2 * group] = (byte)(value >> 8);
                address[(2 * group) + 1] = (byte)value;
            }

            if (i % 16 == 0)
            {
                address.AsSpan(0, 10).Clear();
                address[10] = address[11] = 0xFF;
            }

            Check(address);
        }
    }

    private static void Check(byte[] address)
    {
        string text = TextOf.Address(address);
        Assert.Equal(Rfc5952(address), text);
        Assert.Equal(address, IPAddress.Parse(text).GetAddressBytes());
    }

    // As the RFC's prose has it, by strings.
    private static string Rfc5952(byte[] address)
    {
        if (address.Take(10).All(b => b == 0) && address[10] == 0xFF && address[11] == 0xFF)
        {
            return "::ffff:" + string.Join('.', address.Skip(12));
        }

        string[] groups = [.. Enumerable.Range(0, 8).Select(
            g => (address[2 * g] * 256 + address[(2 * g) + 1]).ToString("x", CultureInfo.InvariantCulture))];
        for (int length = 8; length >= 2; length--)
        {
            for (int start = 0; start + length <= 8; start++)
            {
                if (groups.Skip(start).Take(length).All(g => g == "0"))
                {
                    return string.Join(':', groups.Take(start)) + "::" + string.Join(':', groups.Skip(start + length));
                }
            }
        }

        return string.Join(':', groups);
    }
}
