namespace FlowMeter.Tests.Native;

/// <summary>Frames small enough to read: one IPv4 packet, under the link layers the filters are tested on.</summary>
internal static class Frames
{
    public const int Ethernet = 1;
    public const int Raw = 101;
    public const int Loop = 108;
    public const int IPv4 = 228;
    public const int LinuxSll2 = 276;

    /// <summary>192.0.2.1:40000 to 198.51.100.2:443, TCP SYN.</summary>
    public static byte[] Packet => Convert.FromHexString(
        "45000028000100004006000A" + "C0000201" + "C6336402"
        + "9C4001BB" + "00000001" + "00000000" + "5002FFFF" + "00000000");

    public static byte[] Under(int linkType) =>
    [
        .. Convert.FromHexString(linkType switch
        {
            Ethernet => "020000000001" + "020000000002" + "0800",
            Raw or IPv4 => "",
            Loop => "00000002",
            LinuxSll2 => "0800" + "0000" + "00000001" + "0001" + "00" + "06" + "0200000000010000",
            _ => throw new ArgumentOutOfRangeException(nameof(linkType)),
        }),
        .. Packet,
    ];
}
