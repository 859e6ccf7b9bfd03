using FlowMeter.Native;

namespace FlowMeter.Engine.Capture;

/// <summary>Link types as people know them.</summary>
public static class LinkTypeName
{
    /// <summary>
    /// libpcap's name with the number, as in "USB_LINUX_MMAPPED (220)"; the number alone where libpcap has no name, or is not there.
    /// </summary>
    public static string Find(int linkType)
    {
        try
        {
            return DataLink.NameOf(linkType) is { } name ? $"{name} ({linkType})" : $"{linkType}";
        }
        catch (PcapException)
        {
            return $"{linkType}";
        }
    }
}
