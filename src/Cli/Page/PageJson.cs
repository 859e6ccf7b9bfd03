using System.Buffers;
using System.Globalization;
using System.Text.Json;
using FlowMeter.Cli.Watch;
using FlowMeter.Engine.Watch;

namespace FlowMeter.Cli.Page;

/// <summary>What the script is told, as JSON; and flows as others take them.</summary>
internal static class PageJson
{
    private static readonly string[] s_samples =
    [
        "time", "packets", "bytes", "dropped", "flows", "live", "not_written", "benign", "malicious", "undecided", "memory",
    ];

    /// <summary>How the run is now.</summary>
    /// <param name="run">The run.</param>
    /// <param name="id">Another one for each run.</param>
    public static byte[] Now(RunWatch run, string id) => Write(json =>
    {
        json.WriteString("run", id);
        json.WriteBoolean("over", run.IsOver);
        json.WriteNumber("newest", run.Flows.Newest);
        json.WriteStartArray("sample");
        WriteSample(json, run.Series.Newest.Now);
        json.WriteStartArray("problems");
        foreach (string problem in run.Problems)
        {
            json.WriteStringValue(problem);
        }

        json.WriteEndArray();
        json.WriteStartArray("figures");
        foreach (WatchFigure figure in WatchTables.Figures(run))
        {
            json.WriteStartArray();
            json.WriteStringValue(figure.Name);
            json.WriteStringValue(figure.Value);
            json.WriteStringValue(figure.Detail);
            json.WriteBooleanValue(figure.IsBad);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        WriteTable(json, WatchTables.Talkers(run.Flows, PageHtml.MaxHosts));
        WriteTable(json, WatchTables.Hosts(run.Flows, PageHtml.MaxHosts));
    });

    /// <summary>All samples: the names of their numbers, and the numbers.</summary>
    public static byte[] Series(RunWatch run) => Write(json =>
    {
        json.WriteStartArray("names");
        Array.ForEach(s_samples, json.WriteStringValue);
        json.WriteEndArray();
        json.WriteStartArray("samples");
        foreach (RunSample sample in run.Series.ToArray())
        {
            json.WriteStartArray();
            WriteSample(json, sample);
        }

        json.WriteEndArray();
    });

    /// <summary>Suspicious flows: the table's rows, and for others than the page their values.</summary>
    public static byte[] Flows(RunWatch run, FoundFlows found) => Write(json =>
    {
        json.WriteString("found", PageHtml.CountOf(run, found));
        json.WriteNumber("newest", run.Flows.Newest);
        WriteTable(json, WatchTables.Flows(run.Flows, found.Flows));
        json.WriteStartArray("values");
        foreach (WatchedFlow flow in found.Flows)
        {
            json.WriteStartObject();
            json.WriteNumber("number", flow.Number);
            json.WriteNumber("first", flow.First);
            json.WriteNumber("last", flow.Last);
            json.WriteNumber("packets", flow.Packets);
            json.WriteNumber("bytes", flow.Bytes);
            json.WriteNumber("score", flow.Score);
            foreach (FlowTextField field in Enum.GetValues<FlowTextField>())
            {
                json.WriteString(NameOf(field), flow[field]);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>The same flows as CSV.</summary>
    public static string Csv(FoundFlows found)
    {
        FlowTextField[] fields = Enum.GetValues<FlowTextField>();
        return string.Concat(found.Flows
            .Select(flow => string.Create(
                CultureInfo.InvariantCulture, $"{flow.Number},{flow.First},{flow.Last},{flow.Packets},{flow.Bytes},{flow.Score:R}")
                + string.Concat(fields.Select(field => "," + Quoted(flow[field]))))
            .Prepend("number,first_ns,last_ns,packets,bytes,score" + string.Concat(fields.Select(field => "," + NameOf(field))))
            .Select(line => line + "\n"));
    }

    private static string NameOf(FlowTextField field) => field switch
    {
        FlowTextField.Source => "src_ip",
        FlowTextField.SourcePort => "src_port",
        FlowTextField.Destination => "dst_ip",
        FlowTextField.DestinationPort => "dst_port",
        FlowTextField.Protocol => "protocol",
        FlowTextField.Verdict => "verdict",
        FlowTextField.EndReason => "end_reason",
        FlowTextField.State => "connection_state",
        FlowTextField.Application => "application",
        FlowTextField.ServerName => "server_name",
        FlowTextField.SourceName => "src_name",
        FlowTextField.DestinationName => "dst_name",
        _ => "explanation",
    };

    /// <summary>A spreadsheet must not take what a stranger sent for a formula.</summary>
    private static string Quoted(string value)
    {
        string text = value.Length > 0 && value[0] is '=' or '+' or '-' or '@' ? "'" + value : value;
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> bytes = new(4096);
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The numbers of a sample, and the end of their array.</summary>
    private static void WriteSample(Utf8JsonWriter json, in RunSample sample)
    {
        foreach (long number in (ReadOnlySpan<long>)
        [
            sample.Time, sample.Packets, sample.Bytes, sample.Dropped, sample.Flows, sample.Live, sample.NotWritten, sample.Benign,
            sample.Malicious, sample.Undecided, sample.Memory,
        ])
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private static void WriteTable(Utf8JsonWriter json, WatchTable table)
    {
        json.WriteStartArray(table.Id);
        foreach (WatchRow row in table.Rows)
        {
            json.WriteStartObject();
            json.WriteString("mark", row.Mark);
            json.WriteNumber("number", row.Number);
            json.WriteStartArray("cells");
            foreach (string cell in row.Cells)
            {
                json.WriteStringValue(cell);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
