using FlowMeter.Report.Drawing;
using FlowMeter.Report.Statistics;

namespace FlowMeter.Report.Charts;

/// <summary>
/// Where labelled flows lie by the four features that tell most before there is a model: the largest forward packet, the forward length of
/// the flow, and the mean gaps of both directions.
/// </summary>
internal static class ClassChart
{
    private const double Height = 216;

    // Each by the names of our profiles and of CICFlowMeter.
    private static readonly (string Title, string[] Names)[] s_features =
    [
        ("Largest forward packet", ["fwd_packet_size_max", "fwdPacketSizeMax", "Fwd Packet Length Max", "max_receiving_packets_len"]),
        (
            "Forward length of the flow, packets",
            ["fwd_packets", "fwdFlowLength", "Total Fwd Packet", "Total Fwd Packets", "receiving_packets_numbers"]),
        ("Mean forward gap", ["fwd_iat_mean_us", "fwdIATMean", "Fwd IAT Mean", "mean_receiving_packets_delta_time"]),
        ("Mean backward gap", ["bwd_iat_mean_us", "bwdIATMean", "Bwd IAT Mean", "mean_sending_packets_delta_time"]),
    ];

    /// <summary>Draws a chart for each of the four that the table has.</summary>
    public static Html Draw(TableStatistics table) => Html.Join(s_features
        .Select(known => (known.Title, Spread: table.Features.FirstOrDefault(feature => known.Names.Contains(feature.Column.Name))))
        .Where(known => known.Spread != null)
        .Select(known => Draw(known.Title, known.Spread!)));

    private static Html Draw(string title, FeatureSpread spread)
    {
        (LogHistogram benign, LogHistogram malicious) = (spread.OfVerdict[0], spread.OfVerdict[2]);
        FeatureAxis x = new([benign, malicious], spread.Column.Unit, Plot.Left, Plot.Width - Plot.Right, 6);
        return ChartFigure.Create(
            title,
            $"Column {spread.Column.Name}, by label.",
            Plot.Drawing(
                Plot.Width, Height, title, "density of benign and malicious flows",
                Html.Format($"{x.Draw(DensityCurves.Bottom, DensityCurves.Top)}{DensityCurves.Draw(benign, malicious, x)}")),
            DensityCurves.Quantiles(spread.Column.Name, benign, malicious, spread.Column.Unit),
            "class");
    }
}
