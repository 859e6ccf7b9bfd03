using FlowMeter.Engine.Features;
using FlowMeter.Engine.Training;

namespace FlowMeter.Engine.Tables;

/// <summary>What a table's header says: whose table it is, which columns are features, and where the flow's time and volume stand.</summary>
public sealed class TableColumns
{
    private static readonly string[] TimeNames = ["start_time", "timestamp", "Timestamp"];
    private static readonly (string Packets, string Bytes)[] VolumeNames = [("packets", "bytes"), ("flowLength", "packetSizeTotal")];

    private TableColumns(string[] header)
    {
        Header = header;
        Time = TimeNames.Select(name => Array.IndexOf(header, name)).FirstOrDefault(index => index >= 0, -1);
        foreach ((string packets, string bytes) in VolumeNames)
        {
            if (Packets < 0 && Array.IndexOf(header, packets) >= 0 && Array.IndexOf(header, bytes) >= 0)
            {
                Packets = Array.IndexOf(header, packets);
                Bytes = Array.IndexOf(header, bytes);
            }
        }
    }

    /// <summary>The columns' names.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>The column of the start time; -1 where there is none.</summary>
    public int Time { get; }

    /// <summary>The column of the number of packets; -1 where there is none.</summary>
    public int Packets { get; } = -1;

    /// <summary>The column of the number of bytes; -1 where there is none.</summary>
    public int Bytes { get; } = -1;

    /// <summary>Takes a header apart.</summary>
    /// <exception cref="DataException">A name is there twice.</exception>
    public static TableColumns Of(string[] header, string file)
    {
        string[] names = [.. header.Select(name => name.Trim().Trim('\'').Trim())];
        HashSet<string> seen = [];
        foreach (string name in names)
        {
            if (!seen.Add(name))
            {
                throw new DataException($"{file}: column '{name}' is there twice; rename or remove one of them.");
            }
        }

        return new TableColumns(names);
    }

    /// <summary>The profile whose table this is: the one with the most features among those that have all their columns here. Null for anybody else's table.</summary>
    public Profile? FindProfile()
    {
        HashSet<string> names = [.. Header];
        return Profile.All.Where(profile => PrintedFeatures(profile).All(names.Contains)).MaxBy(profile => PrintedFeatures(profile).Length);
    }

    /// <summary>The features that a profile prints; deepfence has some for models only.</summary>
    public static string[] PrintedFeatures(Profile profile)
    {
        HashSet<string> printed = [.. profile.Columns.Select(column => column.Name)];
        return [.. profile.FeatureNames.Where(printed.Contains)];
    }

    /// <summary>The place of a column; -1 if it is not there.</summary>
    public int Find(string name)
    {
        for (int i = 0; i < Header.Count; i++)
        {
            if (Header[i] == name)
            {
                return i;
            }
        }

        return -1;
    }
}
