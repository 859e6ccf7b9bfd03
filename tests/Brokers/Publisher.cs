using System.Globalization;
using System.Text;
using FlowMeter.Engine.Brokers;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Output;

namespace FlowMeter.Tests.Brokers;

/// <summary>A sensor's output to a broker, without a sensor: rows by number.</summary>
internal sealed class Publisher : IDisposable
{
    private readonly List<string> _told = [];

    public Publisher(
        BrokerAddress to, string sensor = "s1", string? spool = null, long bytes = 8 << 20, TableFormat? format = null)
    {
        format ??= TableFormat.JsonLines;
        ExportOptions options = new() { Encoding = new TableEncoding(format) };
        TableOrigin origin = TableOrigin.Of(sensor, TimeProvider.System.GetUtcNow(), Profile.All[0], null, options);
        Broker = BrokerOutput.Prepare(to, TimeProvider.System);
        Output = Broker.Open(origin, spool, bytes, TimeProvider.System, Tell);
        Output.Begin(format == TableFormat.Csv ? "number,text\n"u8 : []);
        IsCsv = format == TableFormat.Csv;
    }

    public BrokerOutput Broker { get; }

    public ResilientOutput Output { get; }

    public bool IsCsv { get; }

    public string[] Told
    {
        get
        {
            lock (_told)
            {
                return [.. _told];
            }
        }
    }

    /// <summary>The row of a number, as collected CSV has it.</summary>
    public static string Row(string sensor, int number) => string.Create(CultureInfo.InvariantCulture, $"{sensor},{number},text {number}");

    /// <summary>Writes a block of rows.</summary>
    public void Write(int first, int count)
    {
        StringBuilder rows = new();
        for (int number = first; number < first + count; number++)
        {
            string row = string.Create(
                CultureInfo.InvariantCulture,
                $"{(IsCsv ? "" : "{\"number\":")}{number}{(IsCsv ? "," : ",\"text\":\"")}text {number}{(IsCsv ? "" : "\"}")}\n");
            rows.Append(row);
        }

        Output.Write(Encoding.UTF8.GetBytes(rows.ToString()));
    }

    public void Dispose()
    {
        Output.Dispose();
        Broker.Dispose();
    }

    private void Tell(string line)
    {
        lock (_told)
        {
            _told.Add(line);
        }
    }
}
