using System.Globalization;

namespace FlowMeter.Engine.Output;

/// <content>The files of a spool.</content>
internal sealed partial class Spool
{
    private static void TryDelete(SpoolSegment segment)
    {
        try
        {
            segment.Delete();
        }
        catch (Exception e) when (OutputFailure.Is(e))
        {
            // The next run finds no message in it, and deletes it.
        }
    }

    private SpoolSegment CreateSegment()
    {
        while (true)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{++_number:D10}{SpoolSegment.Suffix}");
            if (SpoolSegment.TryCreate(_disk, Path.Join(_folder, name)) is { } segment)
            {
                return segment;
            }
        }
    }

    private void TakeOver(string path, Action<string> tell)
    {
        if (int.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            _number = Math.Max(_number, number);
        }

        try
        {
            if (SpoolSegment.TryOpen(_disk, path, out MessageTotals found) is not { } segment)
            {
                return;
            }

            if (found.Messages == 0)
            {
                TryDelete(segment);
                segment.Dispose();
                return;
            }

            _segments.Add(segment);
            _next = _next.Segment == null ? (segment, segment.From) : _next;
            Waiting += found;
            Found += found;
        }
        catch (Exception e) when (OutputFailure.Is(e))
        {
            tell($"{path}: is left as it is: {OutputFailure.ReasonOf(e)}.");
        }
    }

    private sealed record Handed(SpoolSegment Segment, long At, long End, MessageTotals Totals)
    {
        public bool IsAcknowledged { get; set; }
    }
}
