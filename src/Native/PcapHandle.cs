using Microsoft.Win32.SafeHandles;

namespace FlowMeter.Native;

/// <summary>Owns one <c>pcap_t*</c>, closed by pcap_close when the last call that uses it has returned.</summary>
internal sealed unsafe class PcapHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <summary>The exception for a call on this handle that gave <paramref name="status"/>.</summary>
    /// <param name="what">What failed, as the start of the sentence.</param>
    /// <param name="status">What the call returned, negative.</param>
    public PcapException Failure(string what, int status) => new($"{what}: {Explain(status)}", (PcapError)status);

    /// <summary>libpcap's words for a status: those of the code, then those of the handle where they say more.</summary>
    public string Explain(int status)
    {
        string detail = LibPcap.Text(LibPcap.pcap_geterr(this));
        if ((PcapError)status is PcapError.Generic or PcapError.Warning)
        {
            return detail;
        }

        string code = LibPcap.Text(LibPcap.pcap_statustostr(status));
        return detail.Length == 0 ? code : $"{code} ({detail})";
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibPcap.pcap_close(handle);
        return true;
    }
}
