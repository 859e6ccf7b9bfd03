using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Evaluation;

/// <summary>
/// Says where no capture, or no source, holds both classes: which one a flow is from then tells its class, and a model may learn that.
/// </summary>
public static class OneClassWarning
{
    /// <summary>The warning; null where the flows are of one class, or where there is something that holds both.</summary>
    public static string? For(DataSet data)
    {
        int positives = data.Positives;
        if (positives == 0 || positives == data.Count)
        {
            return null;
        }

        int[] rows = data.AllRows();
        string? what = IsOfOneClassEach(data, data.BySource(rows)) ? "source"
            : IsOfOneClassEach(data, data.ByCapture(rows)) ? "capture"
            : null;
        return what == null ? null : $"every {what} is of one class: the model may learn the network, not the attack; figures within a "
            + "network come only from captures or tables that hold both classes";
    }

    private static bool IsOfOneClassEach(DataSet data, IEnumerable<int[]> units)
    {
        bool isAny = false;
        foreach (int[] unit in units)
        {
            isAny = true;
            if (unit.Any(row => data.Positive[row] != data.Positive[unit[0]]))
            {
                return false;
            }
        }

        return isAny;
    }
}
