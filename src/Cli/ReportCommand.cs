using System.CommandLine;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Report;

namespace FlowMeter.Cli;

/// <summary><c>flowmeter report</c>: a flow table as a page for people.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        Argument<string> table = new("FILE") { Description = "The flow table, CSV with a header; - for standard input." };
        Option<string> output = new("--output", "-o") { Description = "Where the page goes, as HTML; - for standard output. Default: -.", HelpName = "PATH", DefaultValueFactory = _ => "-" };
        FileArgument.RejectOptions(table);
        FileArgument.RejectEmpty(table, output);
        Command command = new("report", "Show a flow table as one HTML page: totals, verdicts over time, top talkers, feature profiles.") { table, output };
        Examples.Of(command, "flowmeter report flows.csv -o report.html", "flowmeter read capture.pcap --model model.json | flowmeter report - -o report.html");
        command.SetAction(result => Run(result.GetValue(table)!, result.GetValue(output)!));
        return command;
    }

    private static int Run(string table, string outputPath)
    {
        if (table != "-" && outputPath != "-" && File.Exists(outputPath) && Path.GetFullPath(OutputFile.FollowLinks(table)) == Path.GetFullPath(OutputFile.FollowLinks(outputPath)))
        {
            throw new UsageException($"-o {outputPath}: is the table itself; choose another name.");
        }

        using OutputFile output = OutputFile.Open(outputPath);
        output.Write(TableReport.Make(TableStatistics.Read(table), $"flowmeter {VersionText.Number}"));
        output.Complete();
        return ExitCode.Done;
    }
}
