using System.Runtime.Versioning;
using FlowMeter.Native;

namespace FlowMeter.Engine.Capture;

/// <summary>
/// The system as libpcap and the kernel show it. libpcap opens every interface, and has the words for one that it can not; on Linux a ring
/// of our own then takes its place where it can (<see cref="PacketRing"/>). Handles are opened in order, since the kernel numbers them so.
/// </summary>
internal sealed class PcapSystem : ILiveSystem
{
    private const int ReadTimeoutMs = 100;

    // Of a handle that is only asked what an interface is.
    private const int SmallBufferBytes = 1 << 20;

    /// <inheritdoc/>
    public bool Exists(string name) => InterfaceState.Exists(name);

    /// <inheritdoc/>
    public bool IsUp(string name) => InterfaceState.IsUp(name);

    /// <inheritdoc/>
    public IReadOnlyList<ILiveHandle> Open(string name, CaptureSettings settings, Action<string> say)
    {
        if (settings.IsXdp && OperatingSystem.IsLinux())
        {
            return XdpCapture.Open(
                name, settings.HandlesPerInterface, settings.Filter, settings.IsPromiscuous, settings.SnapLength, settings.BufferBytes);
        }

        List<ILiveHandle> handles = [];
        try
        {
            PacketFanout? group = null;
            for (int number = 0; number < settings.HandlesPerInterface; number++)
            {
                ILiveHandle? ring = OperatingSystem.IsLinux() ? OpenRing(name, settings, say) : null;
                ILiveHandle handle = ring ?? OpenCapture(name, settings, say);
                handles.Add(handle);
                if (settings.HandlesPerInterface > 1 && OperatingSystem.IsLinux())
                {
                    (group ??= new PacketFanout()).Join(handle is PacketRing own ? own.Descriptor : ((PcapCapture)handle).Descriptor);
                }
            }

            return handles;
        }
        catch
        {
            handles.ForEach(handle => handle.Dispose());
            throw;
        }
    }

    /// <inheritdoc/>
    public void Wait(int milliseconds) => Thread.Sleep(milliseconds);

    /// <summary>Opens a ring; null where there is none, which libpcap is asked about then.</summary>
    [SupportedOSPlatform("linux")]
    private static PacketRing? OpenRing(string name, CaptureSettings settings, Action<string> say)
    {
        string? warning = null;
        using PcapCapture capture = Activate(name, settings, SmallBufferBytes, text => warning = text);
        try
        {
            PacketRing? ring = PacketRing.TryOpen(
                capture, settings.Filter, settings.Direction, settings.IsPromiscuous, settings.BufferBytes, ReadTimeoutMs);
            if (ring != null && warning != null)
            {
                say(warning);
            }

            return ring;
        }
        catch (PcapException)
        {
            return null;
        }
    }

    private static PcapCapture OpenCapture(string name, CaptureSettings settings, Action<string> say)
    {
        PcapCapture capture = Activate(name, settings, settings.BufferBytes, say);
        try
        {
            if (settings.Filter != null)
            {
                capture.SetFilter(settings.Filter);
            }

            if (settings.Direction != CaptureDirection.Both)
            {
                capture.SetDirection(settings.Direction);
            }

            capture.SetNonBlocking(true);
            return capture;
        }
        catch
        {
            capture.Dispose();
            throw;
        }
    }

    private static PcapCapture Activate(string name, CaptureSettings settings, int bufferBytes, Action<string> say)
    {
        PcapCapture capture = PcapCapture.Create(name);
        try
        {
            capture.SetSnapLength(settings.SnapLength);
            capture.SetPromiscuous(settings.IsPromiscuous);
            capture.SetBufferSize(bufferBytes);
            capture.SetReadTimeout(ReadTimeoutMs);
            if (capture.Activate() is { } warning)
            {
                say(warning);
            }

            if (!Enum.IsDefined((LinkType)capture.LinkType))
            {
                throw new CaptureException(
                    $"{name}: linktype {LinkTypeName.Find(capture.LinkType)} is not supported; capture another interface.");
            }

            return capture;
        }
        catch
        {
            capture.Dispose();
            throw;
        }
    }
}
