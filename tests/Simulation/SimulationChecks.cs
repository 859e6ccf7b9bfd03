using FlowMeter.Cli.Telemetry;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Tests.Oracle;
using static FlowMeter.Tests.Simulation.SimulatedClock;

namespace FlowMeter.Tests.Simulation;

/// <summary>What must hold after every simulated capture, whatever happened to it.</summary>
internal sealed class SimulationChecks
{
    // A sweep looks at every row once in three quarters of a second, ticks and blocks come after a tenth each.
    private const long Punctuality = 3 * Second;

    private readonly Simulation _run;
    private readonly SimulationPlan _plan;
    private readonly CaptureCounts _counts;
    private readonly MeteringTotals _totals;
    private readonly SimulationRows _rows;
    private readonly List<ReferenceFlow> _flows = [];
    private readonly List<ReferenceFlow> _flowsOfTrueClock = [];
    private readonly long[] _outcomes = new long[Enum.GetValues<DecodeResult>().Length];

    private SimulationChecks(Simulation run)
    {
        _run = run;
        _plan = run.Plan;
        _totals = run.Process.Totals;
        _counts = new CaptureCounts(_totals, run.Capture, run.Output, null);
        _rows = SimulationRows.Of(run.Disk, withPartial: IsUnfinished);
        foreach (List<SimulatedFrame> taken in run.Wire.Taken)
        {
            ReferenceResult expected = ReferenceMeter.Run(taken.Select(frame => frame.Stamped), _plan.Reference);
            _flows.AddRange(expected.Flows);
            foreach (DecodeResult result in Enum.GetValues<DecodeResult>())
            {
                _outcomes[(int)result] += expected[Enum.Parse<ReferenceOutcome>(result.ToString(), ignoreCase: true)];
            }

            if (run.ClockSteps != default)
            {
                _flowsOfTrueClock.AddRange(ReferenceMeter.Run(
                    taken.Select(frame => frame.Stamped with { TimestampNs = frame.Now }), _plan.Reference).Flows);
            }
        }
    }

    /// <summary>Whether the output says that files may be without their names.</summary>
    private bool IsUnfinished => !_plan.IsKilled && (_run.Output.IsFailing || _run.Output.UnnamedFiles > 0);

    private bool IsLossless => Count("rows_lost") + Count("sink_overruns") == 0 && !_plan.IsKilled;

    /// <summary>
    /// Whether rows must be those of a meter that has all the time and memory it wants. A clock that is set back parts a flow that was
    /// silent for too long, though the times of its packets do not say so.
    /// </summary>
    private bool IsExact => _run.ClockSteps.Back == 0 && !HasEvicted;

    /// <summary>Flows of too few packets are not counted where they leave a full table.</summary>
    private bool HasEvicted => _totals.FlowsByReason(FlowEndReason.LackOfResources) > 0
        || (_totals.BelowMinimum > 0 && _plan.MaxFlows < _plan.Frames.Count);

    public static string? FirstViolation(Simulation run)
    {
        SimulationChecks checks = new(run);
        return run.Wire.Violation ?? run.Disk.Violation ?? checks.Packets() ?? checks.Files() ?? checks.Flows() ?? checks.Memory()
            ?? checks.Rows() ?? checks.Punctual();
    }

    private static string? Equal(string what, long expected, long actual) =>
        expected == actual ? null : $"{what}: {actual} instead of {expected}";

    private static string? AtMost(string what, long bound, long actual) =>
        actual <= bound ? null : $"{what}: {actual}, which is more than {bound}";

    private long Count(string name) => Counters.Capture.Single(counter => counter.Name == name).Read(_counts);

    /// <summary>sent = metered + skipped + dropped + ignored, and each frame for the right reason.</summary>
    private string? Packets()
    {
        FrameCounts frames = _totals.Frames;
        long taken = Counters.Metered.Read(frames) + Counters.Skipped.Sum(counter => counter.Read(frames));
        long left = _run.Wire.LeftInRings + _run.Wire.InRings;
        long sent = _run.Wire.Sent - left;
        long accounted = taken + Count("kernel_drops") + Count("packets_ignored");
        bool isCut = _plan.IsKilled || _plan.MaxFrames != null;
        return Equal("frames", taken, Counters.Frames.Read(frames))
            ?? AtMost("frames taken of those that may be", _plan.MaxFrames ?? long.MaxValue, taken)
            ?? (isCut ? AtMost("frames of those sent", sent, accounted) : Equal("frames of those sent", sent, accounted))
            ?? (isCut ? null : Equal("frames left in rings", 0, left))
            ?? (isCut ? null : Equal("interface_drops", _run.Wire.DroppedByInterface, Count("interface_drops")))
            ?? Enum.GetValues<DecodeResult>()
                .Select(result => _plan.IsKilled ? null : Equal($"{result}", _outcomes[(int)result], frames[result]))
                .FirstOrDefault(difference => difference != null);
    }

    /// <summary>Every file has its name, and what the output says it wrote is there.</summary>
    private string? Files()
    {
        if (_rows.PartialFiles > 0 && !IsUnfinished && !_run.DiskHasFailed)
        {
            return $"{_rows.PartialFiles} files did not get their names";
        }

        if (_plan.IsKilled)
        {
            return _run.FileWasTaken ? null
                : _run.DiskHasFailed ? AtMost("rows that were written and are gone", _rows.Table.Rows.Count, _run.RowsWhenKilled)
                : Equal("rows after a kill", _run.RowsWhenKilled, _rows.Table.Rows.Count);
        }

        return IsUnfinished
            ? AtMost("rows of the output", _rows.Table.Rows.Count, _run.Output.Rows)
            : Equal("rows in files", _run.Output.Rows, _rows.Table.Rows.Count);
    }

    /// <summary>Each flow came out, or is counted as lost.</summary>
    private string? Flows()
    {
        long ended = Counters.EndReasons.Sum(counter => counter.In<CaptureCounts>(counts => counts.Flows).Read(_counts));
        return Equal("flows by reason", _totals.Flows, ended)
            ?? (_plan.IsKilled
                ? null
                : Equal("flows written and lost", ended, _run.Output.Rows + Count("rows_lost") + Count("sink_overruns")));
    }

    /// <summary>Blocks go back to the pool: as many were made as were in use at a time.</summary>
    private string? Memory() => AtMost("blocks", _plan.Workers + _run.MostWaiting, _run.Process.BlocksMade)
        ?? (_plan.IsKilled ? null : Equal("blocks that wait", 0, _totals.SinkWaiting));

    private string? Rows()
    {
        if (_rows.Table.Header.Length == 0)
        {
            return IsLossless && _totals.Flows > 0 ? "no file" : null;
        }

        return !IsExact ? PacketsOfKeys()
            : IsLossless ? RecordComparison.FirstDifference(_rows.WithoutIdle, SimulationRows.WithoutIdleIn(Expected()))
            : Subset();
    }

    private ReferenceTable Expected() => _plan.Profile.Name switch
    {
        "extended" => ReferenceExtended.Table(_flows),
        "cic" => ReferenceCic.Table(_flows),
        "full" => ReferenceFull.Table(_flows).With(column => !ReferenceNeighbours.Columns.Contains(column)),
        _ => ReferenceRecord.Table(_flows.Select(ReferenceRecord.Of)),
    };

    /// <summary>Every row is one of those expected, and none comes twice.</summary>
    private string? Subset()
    {
        ReferenceTable expected = SimulationRows.WithoutIdleIn(Expected());
        CsvTable actual = _rows.WithoutIdle;
        int[] identity = [.. expected.IdentityColumns.Select(actual.Column)];
        Dictionary<string, int> left = expected.Rows.CountBy(row => string.Join(',', row.Identity)).ToDictionary();
        string? surplus = actual.Rows.Select(row => string.Join(',', identity.Select(at => row[at])))
            .FirstOrDefault(row => (left[row] = left.GetValueOrDefault(row) - 1) < 0);
        return surplus == null ? null : $"a row that nobody expects, or twice: {surplus}";
    }

    /// <summary>
    /// Where flows may be parted early, each pair of ends still has all its packets; and no flow falls to pieces: it is parted where the
    /// times of its packets say so, where it was silent for too long, and at most once more each time that a clock is set.
    /// </summary>
    private string? PacketsOfKeys()
    {
        Dictionary<string, long> expected = Sum(_flows, SimulationRows.KeyOf, flow => flow.Packets.Count);
        Dictionary<string, long> actual = Sum(_rows.Table.Rows, _rows.KeyOf, _rows.PacketsOf);
        Dictionary<string, long> rows = Sum(_rows.Table.Rows, _rows.KeyOf, _ => 1);
        Dictionary<string, long> most = Sum([.. _flows, .. _flowsOfTrueClock], SimulationRows.KeyOf, _ => 1);
        bool isWhole = IsLossless && _plan.MinPackets == 1;
        bool isParted = HasEvicted || _plan.MinPackets > 1;
        return expected.Keys.Union(actual.Keys).Select(key => (isWhole
                ? Equal($"packets of {key}", expected.GetValueOrDefault(key), actual.GetValueOrDefault(key))
                : _plan.MinPackets > 1 ? null
                : AtMost($"packets of {key}", expected.GetValueOrDefault(key), actual.GetValueOrDefault(key)))
            ?? (isParted ? null : AtMost(
                $"rows of {key}", most.GetValueOrDefault(key) + _run.ClockSteps.Forward + _run.ClockSteps.Back,
                rows.GetValueOrDefault(key))))
            .FirstOrDefault(difference => difference != null);
    }

    /// <summary>No flow was still live at the end that was over long before, unless something kept the sweep from it.</summary>
    private string? Punctual()
    {
        long patience = Math.Max(_plan.Rules.IdleTimeout, _plan.Rules.LingerTime) + Simulation.SweepSlack;
        return _plan.IsKilled || _plan.MaxFrames != null || _run.StoppedNow - _run.LastDisturbance < patience + Punctuality ? null
            : _rows.Table.Rows.Where(row => _run.StoppedAt - _rows.EndOfForced(row) > patience + Punctuality)
                .Select(row => $"was over and did not come out: {string.Join(',', row.Take(8))}").FirstOrDefault();
    }

    private static Dictionary<string, long> Sum<T>(IEnumerable<T> all, Func<T, string> keyOf, Func<T, long> valueOf)
    {
        Dictionary<string, long> sums = [];
        foreach (T one in all)
        {
            string key = keyOf(one);
            sums[key] = sums.GetValueOrDefault(key) + valueOf(one);
        }

        return sums;
    }
}
