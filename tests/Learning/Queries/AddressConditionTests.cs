using System.Globalization;
using System.Net;
using FlowMeter.Learning.Queries;

namespace FlowMeter.Tests.Learning.Queries;

/// <summary>Networks in expressions, bit by bit.</summary>
public sealed class AddressConditionTests
{
    private const string Rows = """
        src_ip
        10.1.2.3
        ::ffff:10.1.2.3
        ::FFFF:0a01:0203
        ::10.1.2.3
        0.0.0.0
        ::
        255.255.255.255
        ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
        """ + "\n";

    [Theory]
    [InlineData("192.168.90.60")]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("2001:db8:5a3c:c3a5:96f0:1234:abcd:9f61")]
    [InlineData("::")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void An_address_is_in_a_network_if_no_bit_of_the_prefix_differs(string address)
    {
        byte[] bytes = IPAddress.Parse(address).GetAddressBytes();
        int length = 8 * bytes.Length;
        string table = "src_ip\n" + string.Concat(Enumerable.Range(0, length).Select(bit => Text(Turned(bytes, bit)) + "\n")) + address;
        for (int prefix = 0; prefix <= length; prefix++)
        {
            // A row whose bit is turned behind the prefix, and the last row, of which none is.
            string expected = string.Join(' ', Enumerable.Range(prefix + 1, length + 1 - prefix));
            Assert.True(
                expected == QueryTable.Matching(table + "\n", Invariant($"src_ip in {Text(Cut(bytes, prefix))}/{prefix}")),
                Invariant($"{address}/{prefix}"));
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(16)]
    public void A_network_has_no_bit_behind_its_prefix(int bytes)
    {
        int length = 8 * bytes;
        for (int bit = 0; bit < length; bit++)
        {
            string address = Text(Turned(new byte[bytes], bit));
            Assert.Empty(QueryTable.Matching("src_ip\n", Invariant($"src_ip in {address}/{bit + 1}")));
            Assert.Empty(QueryTable.Matching("src_ip\n", Invariant($"src_ip in {address}/{length}")));
            Assert.All([0, bit], prefix => Assert.Equal(
                "has bits set behind its prefix; write the network, or the address alone",
                Refusal(Invariant($"{address}/{prefix}"))));
        }
    }

    [Theory]
    [InlineData("10.0.0.0/33", 32)]
    [InlineData("10.0.0.0/128", 32)]
    [InlineData("10.0.0.0/", 32)]
    [InlineData("10.0.0.0/-1", 32)]
    [InlineData("10.0.0.0/+8", 32)]
    [InlineData("10.0.0.0/8.0", 32)]
    [InlineData("10.0.0.0/8/8", 32)]
    [InlineData("10.0.0.0/4294967304", 32)]
    [InlineData("10.0.0.0/255.0.0.0", 32)]
    [InlineData("fe80::/129", 128)]
    [InlineData("fe80::/", 128)]
    [InlineData("fe80::/x", 128)]
    public void A_prefix_is_a_number_of_bits_that_an_address_has(string network, int length) =>
        Assert.Equal(Invariant($"a prefix is a number from 0 to {length}"), Refusal(network));

    [Theory]
    [InlineData("10.1.2.3", "1")]
    [InlineData("10.1.2.3/32", "1")]
    [InlineData("10.0.0.0/8", "1")]
    [InlineData("::ffff:10.1.2.3", "2 3")]
    [InlineData("::ffff:a01:203/128", "2 3")]
    [InlineData("::ffff:10.0.0.0/104", "2 3")]
    [InlineData("::ffff:0:0/96", "2 3")]
    [InlineData("::/96", "4 6")]
    [InlineData("::a01:203", "4")]
    [InlineData("0.0.0.0/0", "1 5 7")]
    [InlineData("0.0.0.0", "5")]
    [InlineData("::/0", "2 3 4 6 8")]
    [InlineData("::", "6")]
    [InlineData("255.255.255.255", "7")]
    public void Addresses_of_the_two_versions_are_never_equal(string network, string rows) =>
        Assert.Equal(rows, QueryTable.Matching(Rows, $"src_ip in {network}"));

    [Theory]
    [InlineData("")]
    [InlineData("10.1.2")]
    [InlineData("10.1.2.")]
    [InlineData("10.1..3")]
    [InlineData("10.1.2.3.4")]
    [InlineData("10.1.2.256")]
    [InlineData("10.1.2.03")]
    [InlineData("10.1.2.3/32")]
    [InlineData(" 10.1.2.3")]
    [InlineData("167838211")]
    [InlineData("fe80::1%eth0")]
    [InlineData("fe80::1::")]
    [InlineData("fe80::1/128")]
    [InlineData("aa:bb:cc:dd:ee:ff")]
    [InlineData("10.1.2.3:80")]
    public void What_is_no_address_is_in_no_network(string text)
    {
        string table = $"row_of,src_ip\n1,{text}\n";
        Assert.Empty(QueryTable.Matching(table, "src_ip in 0.0.0.0/0"));
        Assert.Empty(QueryTable.Matching(table, "src_ip in ::/0"));
        Assert.Equal("1", QueryTable.Matching(table, "src_ip not in (0.0.0.0/0, ::/0)"));
    }

    private static string Refusal(string network) =>
        Assert.Throws<QueryException>(() => QueryTable.Matching("src_ip\n", $"src_ip in {network}")).Message;

    private static byte[] Turned(byte[] address, int bit)
    {
        byte[] turned = [.. address];
        turned[bit / 8] ^= (byte)(0x80 >> (bit % 8));
        return turned;
    }

    private static byte[] Cut(byte[] address, int prefix) =>
        [.. address.Select((value, i) => (byte)(value & (0xff00 >> Math.Clamp(prefix - (8 * i), 0, 8))))];

    private static string Text(byte[] address) => new IPAddress(address).ToString();

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
