using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Metering;
using FlowMeter.Native;

namespace FlowMeter.Cli.Capture;

/// <summary>What <c>--af-xdp</c> asks of interfaces and of other options.</summary>
internal static class XdpQueues
{
    private const string Option = "--af-xdp";

    /// <summary>Receive queues of each interface, each of which has a worker; 1 without AF_XDP.</summary>
    /// <exception cref="UsageException">The interfaces can not be captured so.</exception>
    public static int Of(CaptureChoices choices)
    {
        if (!choices.IsXdp)
        {
            return 1;
        }

        if (!OperatingSystem.IsLinux())
        {
            throw new UsageException($"{Option}: is there on Linux only; leave it out.");
        }

        if (choices.Interfaces.Contains("any"))
        {
            throw new UsageException($"{Option}: any is no interface with queues; name interfaces.");
        }

        if (choices.Direction == CaptureDirection.Sent)
        {
            throw new UsageException($"{Option}: sees only what is received; leave out --direction out.");
        }

        foreach (string name in choices.Interfaces)
        {
            if (!choices.IsXdpForced && InterfaceQueues.HasDefaultRoute(name))
            {
                throw new UsageException($"{Option}: {name} is the interface of the default route, and this machine would get none of its "
                    + "packets any more; capture a tap or a mirror port, or insist with --af-xdp-force.");
            }
        }

        int[] queues = [.. choices.Interfaces.Select(InterfaceQueues.Count)];
        int other = Array.FindIndex(queues, count => count != queues[0]);
        return other < 0 ? queues[0] : throw new UsageException($"{Option}: {choices.Interfaces[0]} has {queues[0]} receive queues and "
            + $"{choices.Interfaces[other]} {queues[other]}; give them as many (ethtool -L) or capture each in a run of its own.");
    }

    /// <summary>Checks what is to be metered.</summary>
    /// <exception cref="UsageException">There is not a worker for each queue.</exception>
    public static void Check(CaptureChoices choices, MeteringOptions options, int queues)
    {
        if (!choices.IsXdp)
        {
            return;
        }

        if (options.Workers != queues)
        {
            throw new UsageException($"--workers: {Option} takes a worker for each receive queue, of which {choices.Interfaces[0]} has "
                + $"{queues}; leave it out, or change the queues (ethtool -L {choices.Interfaces[0]} combined {options.Workers}).");
        }

        if (queues > 1 && options.Flow.Tunnels != null)
        {
            throw new UsageException($"--decapsulate: {Option} parts the flows inside a tunnel between {queues} queues; "
                + $"use one (ethtool -L {choices.Interfaces[0]} combined 1).");
        }
    }
}
