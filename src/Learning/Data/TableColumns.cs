using System.Globalization;
using FlowMeter.Engine.Features;

namespace FlowMeter.Learning.Data;

/// <summary>What a table's header says: whose table it is, which columns are features, and where the flow's time and volume stand.</summary>
public sealed class TableColumns
{
    private static readonly string[] TimeNames = ["start_time", "timestamp", "Timestamp"];
    private static readonly (string Packets, string Bytes)[] VolumeNames = [("packets", "bytes"), ("flowLength", "packetSizeTotal")];

    private readonly string[] _bareNames;

    /// <summary>Takes a header apart.</summary>
    /// <param name="header">The names as they stand in the table.</param>
    public TableColumns(IEnumerable<string> header)
    {
        _bareNames = [.. header.Select(Bare)];
        string[] names = [.. _bareNames];
        Header = names;
        Twins = Number(names);
        Time = TimeNames.Select(name => Array.IndexOf(names, name)).FirstOrDefault(index => index >= 0, -1);
        foreach ((string packets, string bytes) in VolumeNames)
        {
            if (Packets < 0 && Find(packets) >= 0 && Find(bytes) >= 0)
            {
                Packets = Find(packets);
                Bytes = Find(bytes);
            }
        }
    }

    /// <summary>The columns' names, each one there once: of several columns of one name the later ones are numbered, <c>NAME.1</c> and so on, as pandas has it.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>Columns whose name stands further to the left, too, and the first column of that name.</summary>
    public IReadOnlyList<(int Column, int First)> Twins { get; }

    /// <summary>The column of the start time; -1 where there is none.</summary>
    public int Time { get; }

    /// <summary>The column of the number of packets; -1 where there is none.</summary>
    public int Packets { get; } = -1;

    /// <summary>The column of the number of bytes; -1 where there is none.</summary>
    public int Bytes { get; } = -1;

    /// <summary>A name without what may surround it: blanks, quotes, a byte-order mark.</summary>
    internal static string Bare(string name) => name.Trim('\uFEFF').Trim().Trim('\'', '"').Trim();

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

    /// <summary>All places of a name as the header has it, before its twins were numbered.</summary>
    public int[] FindAll(string name) => [.. Enumerable.Range(0, Header.Count).Where(column => _bareNames[column] == name)];

    /// <summary>Whether fields are the names of this header.</summary>
    internal bool AreNamed(IReadOnlyList<string> fields) => fields.Select(Bare).SequenceEqual(_bareNames);

    private static List<(int Column, int First)> Number(string[] names)
    {
        HashSet<string> taken = [.. names];
        Dictionary<string, int> first = [];
        List<(int Column, int First)> twins = [];
        for (int column = 0; column < names.Length; column++)
        {
            string name = names[column];
            if (first.TryAdd(name, column))
            {
                continue;
            }

            twins.Add((column, first[name]));
            int number = 1;
            while (!taken.Add(names[column]))
            {
                names[column] = name + "." + (number++).ToString(CultureInfo.InvariantCulture);
            }
        }

        return twins;
    }
}
