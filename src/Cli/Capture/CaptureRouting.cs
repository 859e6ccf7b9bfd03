using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Anonymization;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Packets;
using FlowMeter.Native;

namespace FlowMeter.Cli.Capture;

/// <summary>
/// Where a live capture sends its frames by the verdicts on their flows: what was typed, checked, and the outputs it asks for.
/// </summary>
internal sealed class CaptureRouting : IDisposable
{
    private readonly ResilientOutput?[] _outputs;

    private CaptureRouting(FrameRouting frames, params ResilientOutput?[] outputs)
    {
        Frames = frames;
        _outputs = outputs;
    }

    /// <summary>What the workers go by.</summary>
    public FrameRouting Frames { get; }

    /// <summary>Whether what can not be written at the end makes the run a failure.</summary>
    public bool IsFailing => _outputs.Any(output => output is { IsFailing: true } or { UnnamedFiles: > 0 });

    /// <summary>Opens the interface that frames are sent out of; null if there is none. That takes rights, as capturing does.</summary>
    /// <exception cref="UsageException">The interfaces' frames can not all go there.</exception>
    public static FrameForwarder? OpenForwarder(CaptureChoices choices, LiveCapture capture, Action<string> say)
    {
        if (choices.ForwardTo is not { } name)
        {
            return null;
        }

        LinkType linkType = LinkTypeOf(choices.RoutingOption!, capture);
        try
        {
            return new FrameForwarder(name, linkType, TimeProvider.System, say);
        }
        catch (CaptureException e)
        {
            throw new UsageException($"--forward-to {e.Message}");
        }
        catch (PcapException e)
        {
            throw CaptureRefusal.Explain(e, [name]);
        }
    }

    /// <summary>Opens the outputs; null if none was asked for. The forwarder stays the caller's.</summary>
    /// <exception cref="UsageException">The interfaces' frames do not go into one file.</exception>
    /// <exception cref="OutputException">An output can not be opened.</exception>
    public static CaptureRouting? Open(
        CaptureChoices choices, CapturePlan plan, LiveCapture capture, FrameForwarder? forwarder, Action<string> say)
    {
        if (choices.RoutingOption is not { } option)
        {
            return null;
        }

        LinkType linkType = LinkTypeOf(option, capture);
        ResilientOutput? suspicious = null;
        ResilientOutput? benign = null;
        try
        {
            suspicious = OpenOutput("--write-suspicious", choices.Suspicious, choices, say);
            benign = OpenOutput("--write-benign", choices.Benign, choices, say);
            AnonymizationKey? key = plan.Metering.Anonymization;
            FrameRouting frames = new(linkType, plan.Settings.SnapLength, suspicious, benign, forwarder)
            {
                Rewriting = key == null && !choices.HeadersOnly ? null : () => new FrameAnonymizer(key, choices.HeadersOnly),
            };
            return new CaptureRouting(frames, suspicious, benign);
        }
        catch
        {
            suspicious?.Dispose();
            benign?.Dispose();
            throw;
        }
    }

    /// <summary>Ends the current files now.</summary>
    public void RotateNow()
    {
        foreach (ResilientOutput? output in _outputs)
        {
            output?.RotateNow();
        }
    }

    /// <summary>Begins to send. After rights have been given up: the thread that sends keeps what the ones that capture do.</summary>
    public void Start() => Frames.Forwarder?.Start();

    /// <summary>Ends the outputs: files get their names, and what waits is sent.</summary>
    public void Complete()
    {
        Frames.Forwarder?.Complete();
        foreach (ResilientOutput? output in _outputs)
        {
            output?.Complete();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ResilientOutput? output in _outputs)
        {
            output?.Dispose();
        }
    }

    private static LinkType LinkTypeOf(string option, LiveCapture capture)
    {
        for (int handle = 0; handle < capture.LinkTypes.Count; handle++)
        {
            string name = capture.Interfaces[handle];
            if (capture.LinkTypes[handle] is not { } linkType)
            {
                throw new CaptureException(
                    $"{name}: is down, and {option} has to know its link type; bring it up first (ip link set {name} up).");
            }

            if (linkType != capture.LinkTypes[0])
            {
                throw new UsageException($"{option}: the packets of {capture.Interfaces[0]} have link type {(int)capture.LinkTypes[0]!}, "
                    + $"those of {name} {(int)linkType}, and they go to one place; capture them apart.");
            }
        }

        return capture.LinkTypes[0]!.Value;
    }

    private static ResilientOutput? OpenOutput(string option, string? path, CaptureChoices choices, Action<string> say)
    {
        try
        {
            return path == null ? null : ResilientOutput.Open(path, choices.Rotation, TimeProvider.System, say, PacketFraming.Instance);
        }
        catch (FormatException e)
        {
            throw new UsageException($"{option} {e.Message}");
        }
    }
}
