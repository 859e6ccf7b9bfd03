using System.Globalization;
using System.Text;

namespace FlowMeter.Engine.Brokers;

/// <summary>A block of rows of a sensor, as it came.</summary>
/// <param name="Sensor">The sensor.</param>
/// <param name="Run">Its run.</param>
/// <param name="Number">The block's number in the run.</param>
/// <param name="Format">The name of the format of its table.</param>
/// <param name="Schema">What the columns are.</param>
/// <param name="Body">The table.</param>
public sealed record CollectedBlock(string Sensor, string Run, long Number, string Format, string Schema, ReadOnlyMemory<byte> Body)
{
    /// <summary>Takes a message apart; null if it is no sensor's.</summary>
    internal static CollectedBlock? From(NatsMessage message) =>
        message.Value("Flowmeter-Sensor") is { Length: > 0 } sensor && message.Value("Flowmeter-Run") is { Length: > 0 } run
        && message.Value("Flowmeter-Format") is { } format && message.Value("Flowmeter-Schema") is { } schema
        && long.TryParse(message.Value("Flowmeter-Block"), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? new CollectedBlock(sensor, run, number, format, schema, message.Body)
            : null;

    /// <summary>The table as CSV, with the sensor's name in front of every row.</summary>
    /// <param name="csv">The table as CSV, header first.</param>
    /// <returns>The header, and the rows; each line with its end.</returns>
    public (byte[] Header, byte[] Rows) ToCsv(ReadOnlySpan<byte> csv)
    {
        int header = csv.IndexOf((byte)'\n') + 1;
        string name = Sensor.AsSpan().ContainsAny(',', '"') ? $"\"{Sensor.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : Sensor;
        return ([.. "sensor,"u8, .. csv[..header]], Prefix(csv[header..], Encoding.UTF8.GetBytes(name + ","), 0));
    }

    /// <summary>The rows of JSON Lines, each with the sensor's name as its first member.</summary>
    public byte[] ToJsonLines()
    {
        string name = System.Text.Json.JsonEncodedText.Encode(
            Sensor, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        return Prefix(Body.Span, Encoding.UTF8.GetBytes($"{{\"sensor\":\"{name}\","), 1);
    }

    /// <summary>Puts something in front of every line, in place of its first bytes.</summary>
    private static byte[] Prefix(ReadOnlySpan<byte> lines, byte[] prefix, int replaced)
    {
        byte[] all = new byte[lines.Length + (lines.Count((byte)'\n') * (prefix.Length - replaced))];
        Span<byte> to = all;
        while (lines.IndexOf((byte)'\n') is var end and >= 0)
        {
            prefix.CopyTo(to);
            lines[replaced..(end + 1)].CopyTo(to[prefix.Length..]);
            to = to[(prefix.Length + end + 1 - replaced)..];
            lines = lines[(end + 1)..];
        }

        return all;
    }
}
