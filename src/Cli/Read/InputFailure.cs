using FlowMeter.Cli.Summary;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Output;

namespace FlowMeter.Cli.Read;

/// <summary>What makes a run over captures a failure although it came to its end.</summary>
internal static class InputFailure
{
    /// <summary>The exception whose message is the run's last line; null where nothing failed.</summary>
    public static CaptureException? Find(CaptureFiles files, RunSummary summary, OutputFile? output)
    {
        CaptureFile[] failed = [.. files.Failed];
        string kept = output?.Partial is { } partial ? $" The rows are in {partial}." : "";
        if (failed.Length > 0)
        {
            return new CaptureException(files.Files.Count == 1
                ? failed[0].Failure!.Message + kept
                : $"{failed.Length} of {files.Files.Count} files could not be read to their end: "
                    + $"{string.Join(", ", failed.Select(file => file.Path))}; all else was metered.{kept}");
        }

        return summary.Counts.Frames.UnsupportedLinkType is { } linkType
            && summary.Counts.Frames[DecodeResult.UnsupportedLinkType] == summary.Frames
            ? new CaptureException($"{files.Files[0].Path}: linktype {LinkTypeName.Find(linkType)} is not supported, and there was nothing "
                + "else to meter; convert the capture, or record it with another link type.")
            : null;
    }
}
