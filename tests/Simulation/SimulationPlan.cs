using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Output;
using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;
using static FlowMeter.Tests.Simulation.SimulatedClock;

namespace FlowMeter.Tests.Simulation;

/// <summary>What a seed stands for: how a capture is set up, what is on the wire, and what happens meanwhile.</summary>
internal sealed record SimulationPlan
{
    public required Profile Profile { get; init; }

    public required FlowRules Rules { get; init; }

    public required int Interfaces { get; init; }

    public required int Handles { get; init; }

    public required int WorkersPerHandle { get; init; }

    public required bool Decapsulates { get; init; }

    public required long MaxFlows { get; init; }

    public required long MinPackets { get; init; }

    public required long? MaxFrames { get; init; }

    public required int MaxWaitingBlocks { get; init; }

    /// <summary>Whether handles lend packets, as our ring does; else they call back, as libpcap does.</summary>
    public required bool HasRing { get; init; }

    public required int RingCapacity { get; init; }

    public required int FramesOfBlock { get; init; }

    public required int SnapLength { get; init; }

    public required int OneInDroppedByInterface { get; init; }

    public required Rotation Rotation { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyList<TimedFrame> Frames { get; init; }

    public required IReadOnlyList<(long At, SimulationEvent Kind, long Value)> Events { get; init; }

    /// <summary>When it is told to stop, ns after the start.</summary>
    public required long StopAt { get; init; }

    /// <summary>Whether it is killed at that moment instead, and started again.</summary>
    public required bool IsKilled { get; init; }

    public int LinkType => Decapsulates ? PacketBuilder.LinkRaw : PacketBuilder.LinkEthernet;

    public int Points => Interfaces * Handles;

    public int Workers => Points * WorkersPerHandle;

    public ReferenceMeterOptions Reference => new()
    {
        IdleTimeoutNs = Rules.IdleTimeout,
        ActiveTimeoutNs = Rules.ActiveTimeout,
        LingerNs = Rules.LingerTime,
        Decapsulate = Decapsulates,
        MinPackets = (int)MinPackets,
    };

    /// <summary>One worker of profile flowmeter, idle timeout 1 s, with all the room it wants, and nothing that happens.</summary>
    /// <param name="frames">What is sent.</param>
    /// <param name="stopAt">When it is told to stop, ns after the start.</param>
    public static SimulationPlan Plain(IReadOnlyList<TimedFrame> frames, long stopAt)
    {
        Profile profile = Profile.Find("flowmeter")!;
        return new SimulationPlan
        {
            Profile = profile,
            Rules = profile.Rules with { IdleTimeout = Second },
            Interfaces = 1,
            Handles = 1,
            WorkersPerHandle = 1,
            Decapsulates = false,
            MaxFlows = 1 << 12,
            MinPackets = 1,
            MaxFrames = null,
            MaxWaitingBlocks = 64,
            HasRing = true,
            RingCapacity = 1 << 20,
            FramesOfBlock = 1,
            SnapLength = 1 << 16,
            OneInDroppedByInterface = int.MaxValue,
            Rotation = Rotation.Never,
            Name = $"{SimulatedDisk.Folder}/flows.csv",
            Frames = frames,
            Events = [],
            StopAt = stopAt,
            IsKilled = false,
        };
    }

    public static SimulationPlan Of(int seed, Random random)
    {
        // Most plans leave most of it out, so that what one thing does can be told from the others.
        bool Sometimes(int oneIn) => random.Next(oneIn) == 0;
        Profile profile = Profile.Find(random.Next(20) switch { < 14 => "flowmeter", < 17 => "extended", < 19 => "cic", _ => "full" })!;
        FlowRules rules = profile.Rules with
        {
            IdleTimeout = random.Next(1, 5) * Second,
            ActiveTimeout = random.Next(5, 12) * Second,
            LingerTime = random.Next(1, 4) * Second,
        };
        bool decapsulates = Sometimes(8);
        int interfaces = Sometimes(5) ? 2 : 1;
        int handles = decapsulates || random.Next(2) == 0 ? 1 : random.Next(2, 4);
        int workers = handles > 1 || random.Next(2) == 0 ? 1 : random.Next(2, 4);
        long duration = random.Next(2, 15) * Second;
        IReadOnlyList<TimedFrame> frames = TimedFrame.Of(seed, random, rules, duration, decapsulates, interfaces, handles);
        long? maxFrames = Sometimes(15) ? random.Next(1, frames.Count + 1) : null;
        return new SimulationPlan
        {
            Profile = profile,
            Rules = rules,
            Interfaces = interfaces,
            Handles = handles,
            WorkersPerHandle = workers,
            Decapsulates = decapsulates,
            MaxFlows = Sometimes(6) ? random.Next(2, 30) : 1 << 12,
            MinPackets = Sometimes(8) ? 2 : 1,
            MaxFrames = maxFrames,
            MaxWaitingBlocks = Sometimes(4) ? random.Next(1, 4) : 64,
            HasRing = seed % 3 != 0,
            RingCapacity = Sometimes(4) ? random.Next(4, 40) : 1 << 20,
            FramesOfBlock = random.Next(1, 20),
            SnapLength = Sometimes(3) ? random.Next(60, 300) : 1 << 16,
            OneInDroppedByInterface = Sometimes(6) ? random.Next(2, 50) : int.MaxValue,
            Rotation = new Rotation(
                Sometimes(2) ? TimeSpan.FromSeconds(random.Next(1, 7)) : null, Sometimes(3) ? random.Next(200, 8000) : null),
            Name = $"{SimulatedDisk.Folder}/{(random.Next(2) == 0 ? "flows.csv" : "flows-%Y%m%dT%H%M%S.csv")}",
            Frames = frames,
            Events = EventsOf(random, duration, interfaces),
            StopAt = Sometimes(3) ? random.NextInt64(duration) : duration,
            IsKilled = maxFrames == null && Sometimes(10),
        };
    }

    public override string ToString() => $"{Profile.Name}, {Interfaces} interfaces × {Handles} handles × {WorkersPerHandle} workers, "
        + $"idle {Rules.IdleTimeout / Second} s, active {Rules.ActiveTimeout / Second} s, linger {Rules.LingerTime / Second} s, "
        + $"tunnels {Decapsulates}, flows ≤ {MaxFlows}, ≥ {MinPackets} packets, frames ≤ {MaxFrames}, blocks ≤ {MaxWaitingBlocks}, "
        + $"{(HasRing ? "ring" : "calls")} {RingCapacity} by {FramesOfBlock}, "
        + $"snap {SnapLength}, {Frames.Count} frames, {Name}, {Rotation}, "
        + $"stop at {StopAt / 1e9:0.000} s{(IsKilled ? " by kill" : "")}"
        + string.Concat(Events.Select(happens => $"\n  {happens.At / 1e9:0.000} s {happens.Kind} {happens.Value}"));

    private static List<(long At, SimulationEvent Kind, long Value)> EventsOf(Random random, long duration, int interfaces)
    {
        List<(long At, SimulationEvent Kind, long Value)> events = [];
        for (int i = random.Next(3); i > 0; i--)
        {
            long at = random.NextInt64(duration);
            long later = at + random.NextInt64(4 * Second);
            switch (random.Next(8))
            {
                case 0:
                    long[] sizes = [Second / 3, 10 * Second, 59 * Second, 61 * Second, 3600 * Second, 86_400 * Second];
                    long step = sizes[random.Next(sizes.Length)] * (random.Next(2) == 0 ? 1 : -1);
                    events.Add((at, SimulationEvent.ClockStep, step));
                    if (random.Next(2) == 0)
                    {
                        events.Add((later, SimulationEvent.ClockStep, -step));
                    }

                    break;
                case 1:
                    int which = random.Next(interfaces);
                    events.Add((at, SimulationEvent.InterfaceDown, which));
                    events.Add((later, SimulationEvent.InterfaceUp, which));
                    break;
                case 2 or 3:
                    events.Add((at, SimulationEvent.DiskFails, random.Next(1, 4)));
                    events.Add((later, SimulationEvent.DiskMended, 0));
                    break;
                case 4:
                    events.Add((at, SimulationEvent.FileTaken, 0));
                    break;
                case 5:
                    events.Add((at, SimulationEvent.Rotate, 0));
                    break;
                case 6:
                    events.Add((at, SimulationEvent.WorkersStall, random.NextInt64(3 * Second)));
                    break;
                default:
                    events.Add((at, SimulationEvent.OutputStalls, random.NextInt64(5 * Second)));
                    break;
            }
        }

        return [.. events.OrderBy(happens => happens.At)];
    }
}
