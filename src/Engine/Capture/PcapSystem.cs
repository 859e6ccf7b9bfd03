using FlowMeter.Native;

namespace FlowMeter.Engine.Capture;

/// <summary>The system as libpcap and the kernel show it. Handles are opened in order, since the kernel numbers them so.</summary>
internal sealed class PcapSystem : ILiveSystem
{
    private const int ReadTimeoutMs = 100;

    /// <inheritdoc/>
    public bool Exists(string name) => InterfaceState.Exists(name);

    /// <inheritdoc/>
    public bool IsUp(string name) => InterfaceState.IsUp(name);

    /// <inheritdoc/>
    public IReadOnlyList<ILiveHandle> Open(string name, CaptureSettings settings, Action<string> say)
    {
        List<PcapCapture> captures = [];
        try
        {
            PacketFanout? group = null;
            for (int number = 0; number < settings.HandlesPerInterface; number++)
            {
                PcapCapture capture = OpenOne(name, settings, say);
                captures.Add(capture);
                if (settings.HandlesPerInterface > 1 && OperatingSystem.IsLinux())
                {
                    (group ??= new PacketFanout()).Join(capture.Descriptor);
                }
            }

            return captures;
        }
        catch
        {
            captures.ForEach(capture => capture.Dispose());
            throw;
        }
    }

    /// <inheritdoc/>
    public void Wait(int milliseconds) => Thread.Sleep(milliseconds);

    private static PcapCapture OpenOne(string name, CaptureSettings settings, Action<string> say)
    {
        PcapCapture capture = PcapCapture.Create(name);
        try
        {
            capture.SetSnapLength(settings.SnapLength);
            capture.SetPromiscuous(settings.IsPromiscuous);
            capture.SetBufferSize(settings.BufferBytes);
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
}
