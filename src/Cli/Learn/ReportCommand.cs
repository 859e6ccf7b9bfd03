using System.CommandLine;
using FlowMeter.Cli.Help;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Output;
using FlowMeter.Learning.Data;
using FlowMeter.Report.Pages;
using FlowMeter.Report.Statistics;

namespace FlowMeter.Cli.Learn;

/// <summary><c>flowmeter report</c>: a flow table as a page for people.</summary>
internal sealed class ReportCommand : Command
{
    private readonly Argument<string> _table = new("FILE")
    {
        Description = "The flow table: CSV, JSON Lines, also as .gz or .zst, or Parquet; - for standard input.",
    };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "Where the page goes, as HTML; - for standard output. Default: the table's name with .html, and - for standard "
            + "input.",
        HelpName = "PATH",
    };

    private readonly Option<string?> _hosts = new("--hosts")
    {
        Description = "Show what hosts did, too: a table that --hosts of read or capture wrote.",
        HelpName = "PATH",
    };

    private readonly Option<string?> _labelColumn = new("--label-column")
    {
        Description = "The column of labels: shows how features of benign and malicious flows differ, and verdicts against labels. Any "
            + "label but benign counts as malicious.",
        HelpName = "NAME",
    };

    private readonly Option<bool> _noSandbox = RunOptions.NoSandbox();

    public ReportCommand()
        : base("report", "Show a flow table as one HTML page: totals, verdicts over time, top talkers, feature profiles.")
    {
        FileArgument.RejectOptions(_table);
        FileArgument.RejectEmpty(_table, _output, _hosts, _labelColumn);
        Arguments.Add(_table);
        Options.Add(_output);
        Options.Add(_hosts);
        Options.Add(_labelColumn);
        Options.Add(_noSandbox);
        Examples.Add(
            this,
            "flowmeter report flows.csv",
            "flowmeter read capture.pcap --model model.json | flowmeter report - -o report.html");
        SetAction(result =>
        {
            ReportChoices choices = ChoicesOf(result);
            using StopSignal stop = new();
            return stop.Run(() => Run(choices, stop.Token));
        });
    }

    /// <summary>What was typed, checked for sense.</summary>
    /// <exception cref="UsageException">The page would replace the table.</exception>
    public ReportChoices ChoicesOf(ParseResult result)
    {
        string table = result.GetValue(_table)!;
        string? typed = result.GetValue(_output);
        ReportChoices choices = new()
        {
            Table = table,
            Hosts = result.GetValue(_hosts),
            LabelColumn = result.GetValue(_labelColumn),
            Page = typed ?? (table == "-" ? "-" : Path.ChangeExtension(table, ".html")),
            IsSandboxed = !result.GetValue(_noSandbox),
            IsNamedByTable = typed == null && table != "-",
        };
        FileArgument.RejectInput("-o", choices.Page, table, "the table itself");
        if (choices.Hosts is { } hosts)
        {
            FileArgument.RejectInput("-o", choices.Page, hosts, "the table of --hosts");
        }

        return choices;
    }

    /// <summary>Reads the table to its end; what is returned makes its page.</summary>
    private static Func<byte[]> PageOf(FlowTableReader table, ReportChoices choices, CancellationToken stop)
    {
        if (HostStatistics.IsTableOfHosts(table))
        {
            if (choices.Hosts != null)
            {
                throw new DataException($"{table.Name}: is a table of hosts; give the table of flows here, and this one with --hosts.");
            }

            HostStatistics hosts = HostStatistics.Read(table);
            return () => TableReport.Make(hosts, ProgramVersion.Full);
        }

        TableStatistics flows = TableStatistics.Read(table, choices.LabelColumn);
        return () => TableReport.Make(flows, ProgramVersion.Full, HostsOf(choices, stop));
    }

    private static HostStatistics? HostsOf(ReportChoices choices, CancellationToken stop)
    {
        if (choices.Hosts == null)
        {
            return null;
        }

        using FlowTableReader table = FlowTableReader.Open(choices.Hosts, Notes.Tell, null, stop);
        return HostStatistics.Read(table);
    }

    private static int Run(ReportChoices choices, CancellationToken stop)
    {
        RunSandbox.Enter(choices.IsSandboxed, [choices.Table, choices.Hosts], choices.Page);
        Notes notes = new();
        InputProgress read = new();
        using FlowTableReader table = FlowTableReader.Open(choices.Table, Notes.Tell, read, stop);
        using OutputFile output = OutputFile.Open(choices.Page);
        long? bytes = FileArgument.BytesOf([choices.Table]);
        Func<byte[]> page;
        using (notes.Show("rows", () => (table.Rows, ProgressLine.ShareOf(read, bytes))))
        {
            page = PageOf(table, choices, stop);
        }

        output.Write(page());
        output.Complete();
        if (choices.IsNamedByTable)
        {
            Notes.Tell($"the page is {choices.Page}");
        }

        return ExitCode.Done;
    }
}
