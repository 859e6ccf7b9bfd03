using System.CommandLine;
using FlowMeter.Engine.Observe;
using FlowMeter.Engine.Output;
using FlowMeter.Learning.Data;
using FlowMeter.Report.Pages;
using FlowMeter.Report.Statistics;

namespace FlowMeter.Cli;

/// <summary><c>flowmeter report</c>: a flow table as a page for people.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        Argument<string> table = new("FILE") { Description = "The flow table, CSV with a header; - for standard input." };
        Option<string?> output = new("--output", "-o") { Description = "Where the page goes, as HTML; - for standard output. Default: the table's name with .html, and - for standard input.", HelpName = "PATH" };
        FileArgument.RejectOptions(table);
        FileArgument.RejectEmpty(table, output);
        Command command = new("report", "Show a flow table as one HTML page: totals, verdicts over time, top talkers, feature profiles.") { table, output };
        Examples.Of(command, "flowmeter report flows.csv", "flowmeter read capture.pcap --model model.json | flowmeter report - -o report.html");
        command.SetAction(result =>
        {
            using StopSignal stop = new();
            return stop.Run(() => Run(result.GetValue(table)!, result.GetValue(output), stop.Token));
        });
        return command;
    }

    private static int Run(string path, string? typed, CancellationToken stop)
    {
        string page = typed ?? (path == "-" ? "-" : Path.ChangeExtension(path, ".html"));
        FileArgument.RejectInput("-o", page, path, "the table itself");
        Notes notes = new();
        InputProgress read = new();
        using FlowTableReader table = FlowTableReader.Open(path, notes.Tell, read, stop);
        using OutputFile output = OutputFile.Open(page);
        long? bytes = FileArgument.BytesOf([path]);
        TableStatistics statistics;
        using (notes.Show("rows", () => (table.Rows, ProgressLine.ShareOf(read, bytes))))
        {
            statistics = TableStatistics.Read(table);
        }

        output.Write(TableReport.Make(statistics, $"flowmeter {VersionText.Number}"));
        output.Complete();
        if (typed == null && page != "-")
        {
            notes.Tell($"the page is {page}");
        }

        return ExitCode.Done;
    }
}
