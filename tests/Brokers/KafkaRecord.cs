using System.Globalization;
using System.Text;

namespace FlowMeter.Tests.Brokers;

/// <summary>A message as a consumer has it.</summary>
internal sealed record KafkaRecord(int Partition, string Key, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Id => Headers["Flowmeter-Id"];

    public int Block => int.Parse(Headers["Flowmeter-Block"], CultureInfo.InvariantCulture);

    /// <summary>The lines of its body.</summary>
    public string[] Lines => Encoding.UTF8.GetString(Body).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
