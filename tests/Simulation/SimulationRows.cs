using System.Globalization;
using System.Text;
using FlowMeter.Engine.Output;
using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.Simulation;

/// <summary>The rows that a simulated capture left on its disk.</summary>
internal sealed class SimulationRows
{
    private readonly int[] _endpoints;
    private readonly int[] _packets;
    private readonly int _reason;
    private readonly int _end;

    private SimulationRows(CsvTable table, int partialFiles)
    {
        Table = table;
        PartialFiles = partialFiles;
        bool isCic = table.Header.Contains("Src IP");
        _endpoints = Columns(isCic
            ? ["Src IP", "Src Port", "Dst IP", "Dst Port", "Protocol"]
            : ["src_ip", "src_port", "dst_ip", "dst_port", "protocol"]);
        _packets = Columns(isCic ? ["Total Fwd Packet", "Total Bwd packets"] : ["packets"]);
        _reason = Array.IndexOf(table.Header, "end_reason");
        _end = Array.IndexOf(table.Header, "end_time");
    }

    public CsvTable Table { get; }

    /// <summary>Files that did not get their names.</summary>
    public int PartialFiles { get; }

    /// <summary>The same rows, which do not tell a flow that was idle from one that was live at the end.</summary>
    public CsvTable WithoutIdle =>
        _reason < 0 ? Table : Table with { Rows = [.. Table.Rows.Select(row => Row(row, _reason))] };

    /// <summary>Reads the files that have their names, or all.</summary>
    public static SimulationRows Of(SimulatedDisk disk, bool withPartial)
    {
        string[]? header = null;
        List<string[]> rows = [];
        int partialFiles = 0;
        foreach ((string name, byte[] bytes) in disk.Files)
        {
            bool isPartial = name.EndsWith(PartialFile.Suffix, StringComparison.Ordinal);
            partialFiles += isPartial ? 1 : 0;
            string[] lines = Encoding.UTF8.GetString(bytes).Split('\n');
            if (lines.Length > 1 && (withPartial || !isPartial))
            {
                header ??= lines[0].Split(',');
                rows.AddRange(lines[1..^1].Select(line => line.Split(',')));
            }
        }

        return new SimulationRows(new CsvTable(header ?? [], rows), partialFiles);
    }

    /// <summary>The same of expected rows.</summary>
    public static ReferenceTable WithoutIdleIn(ReferenceTable table)
    {
        int reason = Array.IndexOf(table.IdentityColumns, "end_reason");
        return reason < 0 ? table
            : table with { Rows = [.. table.Rows.Select(row => row with { Identity = Row(row.Identity, reason) })] };
    }

    /// <summary>The ends of a row's flow, whichever is its source.</summary>
    public string KeyOf(string[] row)
    {
        string source = $"{row[_endpoints[0]]} {row[_endpoints[1]]}";
        string destination = $"{row[_endpoints[2]]} {row[_endpoints[3]]}";
        return KeyOf(source, destination, row[_endpoints[4]]);
    }

    public static string KeyOf(ReferenceFlow flow) => KeyOf(
        string.Create(CultureInfo.InvariantCulture, $"{flow.Source.Address} {flow.Source.Port}"),
        string.Create(CultureInfo.InvariantCulture, $"{flow.Destination.Address} {flow.Destination.Port}"),
        flow.Protocol.ToString(CultureInfo.InvariantCulture));

    public long PacketsOf(string[] row) => _packets.Sum(at => long.Parse(row[at], CultureInfo.InvariantCulture));

    /// <summary>When the flow of a row ended, ns since the epoch, if it was live at the end of the capture.</summary>
    public long? EndOfForced(string[] row) => _reason < 0 || row[_reason] != "forced" ? null
        : ((DateTimeOffset.Parse(row[_end].AsSpan(0, 19), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
            - DateTimeOffset.UnixEpoch).Ticks * 100) + long.Parse(row[_end].AsSpan(20, 9), CultureInfo.InvariantCulture);

    private static string KeyOf(string one, string other, string protocol) =>
        string.CompareOrdinal(one, other) <= 0 ? $"{one} {other} {protocol}" : $"{other} {one} {protocol}";

    private static string[] Row(string[] row, int reason) =>
        row[reason] is "idle" or "forced" ? [.. row[..reason], "over", .. row[(reason + 1)..]] : row;

    private int[] Columns(string[] names) => Table.Header.Length == 0 ? [] : [.. names.Select(Table.Column)];
}
