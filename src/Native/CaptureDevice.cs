namespace FlowMeter.Native;

/// <summary>An interface libpcap can capture on.</summary>
/// <param name="Name">The name to capture by, such as "eth0".</param>
/// <param name="Description">Words for people, where the system has some.</param>
/// <param name="Addresses">Its IPv4 and IPv6 addresses.</param>
/// <param name="State">Up, running, loopback, wireless.</param>
public sealed unsafe record CaptureDevice(
    string Name, string? Description, IReadOnlyList<CaptureAddress> Addresses, CaptureDeviceState State)
{
    // libpcap packs what it knows of the link's connection into the same word; those bits are no flags.
    private const CaptureDeviceState Known =
        CaptureDeviceState.Loopback | CaptureDeviceState.Up | CaptureDeviceState.Running | CaptureDeviceState.Wireless;

    /// <summary>The interfaces this user may see, in libpcap's order: the one it would pick first.</summary>
    /// <exception cref="PcapException">libpcap cannot list them, or is not installed.</exception>
    public static IReadOnlyList<CaptureDevice> List()
    {
        byte* error = stackalloc byte[LibPcap.PCAP_ERRBUF_SIZE];
        PcapInterface* first;
        int status = LibPcap.pcap_findalldevs(&first, error);
        if (status != 0)
        {
            throw new PcapException($"The interfaces cannot be listed: {LibPcap.Text(error)}", (PcapError)status);
        }

        try
        {
            List<CaptureDevice> devices = [];
            for (PcapInterface* device = first; device is not null; device = device->Next)
            {
                string? description = device->Description is null ? null : LibPcap.Text(device->Description);
                devices.Add(new CaptureDevice(LibPcap.Text(device->Name), description, AddressesOf(device), device->State & Known));
            }

            return devices;
        }
        finally
        {
            LibPcap.pcap_freealldevs(first);
        }
    }

    private static List<CaptureAddress> AddressesOf(PcapInterface* device)
    {
        List<CaptureAddress> addresses = [];
        for (PcapAddress* entry = device->Addresses; entry is not null; entry = entry->Next)
        {
            if (SocketAddress.TryRead(entry->Address, entry->Netmask, out CaptureAddress address))
            {
                addresses.Add(address);
            }
        }

        return addresses;
    }
}
