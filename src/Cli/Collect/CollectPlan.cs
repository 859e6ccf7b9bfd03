using System.Globalization;
using System.Text;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Brokers;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Output;
using FlowMeter.Learning.Data;

namespace FlowMeter.Cli.Collect;

/// <summary>What a run of <c>flowmeter collect</c> is to do, checked before anything is opened.</summary>
internal static class CollectPlan
{
    /// <summary>Makes the collector's options.</summary>
    /// <exception cref="UsageException">What was typed does not fit together.</exception>
    public static CollectorOptions From(CollectChoices choices)
    {
        if (OutputPath.IsStream(choices.Output))
        {
            throw new UsageException($"-o {choices.Output}: is no file, and only what is on the disk is acknowledged; name a file.");
        }

        TableEncoding encoding;
        try
        {
            ResilientOutput.Check(choices.Output, choices.Rotation);
            encoding = TableEncoding.Of(choices.Output, null);
        }
        catch (FormatException e)
        {
            throw new UsageException($"-o {e.Message}");
        }

        if (encoding.Compression != OutputCompression.None || encoding.Format == TableFormat.Ipfix)
        {
            throw new UsageException($"-o {choices.Output}: collected tables are not compressed from outside, and not IPFIX; give the name "
                + $"another ending, as {TableFormat.Parquet.Ending}.");
        }

        return new CollectorOptions
        {
            Path = choices.Output,
            Format = encoding.Format,
            Rotation = choices.Rotation,
            ConsumerName = NameOf(choices),
            JsonToCsv = ToCsv,
        };
    }

    /// <summary>The same for the same place: who is started again goes on, and who writes elsewhere gets all again.</summary>
    private static string NameOf(CollectChoices choices)
    {
        ulong hash = 0xcbf2_9ce4_8422_2325;
        string place = $"{Environment.MachineName} {Path.GetFullPath(choices.Output)} {choices.From.Subject}";
        foreach (byte value in Encoding.UTF8.GetBytes(place))
        {
            hash = (hash ^ value) * 0x0000_0100_0000_01b3;
        }

        return string.Create(CultureInfo.InvariantCulture, $"flowmeter-{hash:x16}");
    }

    private static byte[] ToCsv(CollectedBlock block)
    {
        try
        {
            return JsonTable.ToCsv(block.Body, $"a message of {block.Sensor}");
        }
        catch (DataException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }
}
