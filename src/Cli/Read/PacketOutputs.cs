using FlowMeter.Cli.Options;
using FlowMeter.Engine.Anonymization;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Packets;

namespace FlowMeter.Cli.Read;

/// <summary>
/// What <c>flowmeter read</c> writes of single packets, for which it reads its input again once every flow has its verdict.
/// </summary>
internal sealed class PacketOutputs : IDisposable
{
    private readonly ReadChoices _choices;
    private readonly byte[] _header;
    private OutputFile? _packets;
    private OutputFile? _suspicious;
    private OutputFile? _benign;

    private PacketOutputs(ReadChoices choices, byte[] header)
    {
        _choices = choices;
        _header = header;
    }

    /// <summary>Where the first pass is to note its flows.</summary>
    public VerdictIndex Index { get; } = new();

    /// <summary>Opens the outputs; null where none was asked for.</summary>
    /// <exception cref="CaptureException">The captures can not be split into one file.</exception>
    public static PacketOutputs? Open(ReadChoices choices, CancellationToken stop)
    {
        if (choices.SecondPassOption == null)
        {
            return null;
        }

        bool isCopied = choices.SplitOption != null && choices.Metering.AnonymizeKey == null && !choices.HeadersOnly;
        PacketOutputs outputs = new(choices, isCopied ? JoinedFileHeader.Load(choices.Files, stop) : []);
        try
        {
            outputs._packets = Open(choices.Packets);
            outputs._suspicious = Open(choices.Suspicious);
            outputs._benign = Open(choices.Benign);
            return outputs;
        }
        catch
        {
            outputs.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Reads everything again; the first pass has given all warnings. Returns what the split gave; null if there is none.
    /// </summary>
    /// <param name="plan">How it was metered.</param>
    /// <param name="totals">What was metered.</param>
    /// <param name="metered">The files as the first pass found them; this one must find the same.</param>
    /// <param name="isWhole">Whether the outputs get their names.</param>
    /// <param name="stop">Ends the pass; what was written then stays under its partial name.</param>
    public DataReduction? Run(MeteringPlan plan, MeteringTotals totals, CaptureFiles metered, bool isWhole, CancellationToken stop)
    {
        if (totals.FlowsByReason(FlowEndReason.LackOfResources) is > 0 and var flows)
        {
            throw new CaptureException($"{_choices.SecondPassOption}: {flows} flows ended for lack of memory, and which packets were "
                + "theirs can not be told; give more with --max-flows or --max-history.");
        }

        using CaptureFiles files = new(_choices.Files, file => Savefile.Open(file, _ => { }, new InputProgress(), stop));
        using FilteredSource? filter = _choices.Filter == null ? null : new FilteredSource(files, _choices.Filter);
        files.Admit = filter == null ? null : filter.Prepare;
        RewrittenRecords? rewriting = plan.Anonymization == null && !_choices.HeadersOnly
            ? null
            : new RewrittenRecords(FirstLinkType(stop), new FrameAnonymizer(plan.Anonymization, _choices.HeadersOnly));
        CaptureSplit? split = _choices.SplitOption == null
            ? null
            : new CaptureSplit(rewriting?.Header ?? _header, _suspicious, _benign) { Rewriting = rewriting };
        CaptureException? changed = Read(files, filter, plan, split, stop);
        if (stop.IsCancellationRequested)
        {
            return null;
        }

        // A file that failed in this pass only has other flows for it, so that is what is wrong.
        changed = files.Failed.FirstOrDefault(file => metered.Files.All(other => other.Path != file.Path || other.Failure == null))?.Failure
            ?? changed;
        if (changed != null)
        {
            throw changed;
        }

        if (isWhole)
        {
            _packets?.Complete();
            _suspicious?.Complete();
            _benign?.Complete();
        }

        return split?.Reduction;
    }

    public void Dispose()
    {
        _packets?.Dispose();
        _suspicious?.Dispose();
        _benign?.Dispose();
        Index.Dispose();
    }

    /// <summary>Returns why the packets are not those of the first pass; null if they are.</summary>
    private CaptureException? Read(
        CaptureFiles files, FilteredSource? filter, MeteringPlan plan, CaptureSplit? split, CancellationToken stop)
    {
        try
        {
            _ = SecondPass.Run(files, filter, plan.Options.Flow, Index, _packets, split, stop, plan.Anonymization);
            return null;
        }
        catch (CaptureException e)
        {
            return e;
        }
        catch (OutputException e) when (e.IsClosedPipe && new[] { _packets, _suspicious, _benign }.Count(file => file != null) > 1)
        {
            // A reader that has seen enough ends the run quietly only where it was all that was asked for.
            throw new OutputException(
                $"{e.Message.TrimEnd('.')}, and what else is told of packets is not whole; give that reader a run of its own.", e);
        }
    }

    /// <summary>The link type of the first packet that there is; Ethernet where there is none.</summary>
    private LinkType FirstLinkType(CancellationToken stop)
    {
        using CaptureFiles files = new(_choices.Files, file => Savefile.Open(file, _ => { }, new InputProgress(), stop));
        using PacketBatch batch = new();
        try
        {
            while (batch.Count == 0 && files.TryFill(batch))
            {
            }
        }
        catch (CaptureException)
        {
            // The first pass has told it.
        }

        return batch.Count == 0 ? LinkType.Ethernet : batch.LinkType;
    }

    private static OutputFile? Open(string? path) => path == null ? null : OutputFile.Open(path);
}
