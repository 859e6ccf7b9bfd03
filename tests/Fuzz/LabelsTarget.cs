using FlowMeter.Learning.Data;

namespace FlowMeter.Tests.Fuzz;

/// <summary>Files that say what captures are: labels of flows, and sources of files. Read, or refused in one line.</summary>
internal static class LabelsTarget
{
    public static void Run(byte[] bytes) => ScratchFile.With(bytes, path =>
    {
        Refused(() =>
        {
            FlowLabels labels = FlowLabels.Load(path, line => Assert.DoesNotContain('\n', line));
            _ = labels.ForCapture("some/capture.pcap");
        });
        Refused(() => SourceNames.Load(path));
    });

    private static void Refused(Action action)
    {
        try
        {
            action();
        }
        catch (DataException)
        {
            // As it should be.
        }
    }
}
