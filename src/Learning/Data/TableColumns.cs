using System.Globalization;
using FlowMeter.Engine.Features;

namespace FlowMeter.Learning.Data;

/// <summary>
/// The columns of a table by its header: their names, the profile they are of, and which hold time and volume. Columns are numbered from 0.
/// </summary>
public sealed class TableColumns
{
    private static readonly string[] TimeNames = ["start_time", "timestamp", "Timestamp"];
    private static readonly (string Packets, string Bytes)[] VolumeNames = [("packets", "bytes"), ("flowLength", "packetSizeTotal")];

    private readonly string[] _bareNames;
    private readonly Dictionary<string, int> _numbers;

    /// <summary>Finds the columns of a header.</summary>
    /// <param name="header">The names as they are in the table; blanks and quotes around them do not count.</param>
    public TableColumns(IEnumerable<string> header)
    {
        _bareNames = [.. header.Select(Bare)];
        string[] names = [.. _bareNames];
        Header = names;
        Duplicates = NumberDuplicates(names);
        _numbers = names.Index().ToDictionary(column => column.Item, column => column.Index);
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

    /// <summary>
    /// The names of the columns, made unique: later columns of the same name are numbered, <c>NAME.1</c> and so on, as pandas does.
    /// </summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>The later columns of names that are there more than once, each with the first column of that name.</summary>
    public IReadOnlyList<(int Column, int First)> Duplicates { get; }

    /// <summary>The column of the start time; -1 where there is none.</summary>
    public int Time { get; }

    /// <summary>The column of the number of packets; -1 where there is none.</summary>
    public int Packets { get; } = -1;

    /// <summary>The column of the number of bytes; -1 where there is none.</summary>
    public int Bytes { get; } = -1;

    /// <summary>A name without the blanks, quotes and byte-order mark around it.</summary>
    internal static string Bare(string name) => name.Trim('\uFEFF').Trim().Trim('\'', '"').Trim();

    /// <summary>
    /// The profile of the table: of those whose features all have a column here, the one with most features. Null if there is none.
    /// </summary>
    public Profile? FindProfile()
    {
        HashSet<string> names = [.. Header];
        return Profile.All.Where(profile => PrintedFeatures(profile).All(names.Contains)).MaxBy(profile => PrintedFeatures(profile).Length);
    }

    /// <summary>The features of a profile that are columns of its tables; profile deepfence has some for models only.</summary>
    public static string[] PrintedFeatures(Profile profile)
    {
        HashSet<string> printed = [.. profile.Columns.Select(column => column.Name)];
        return [.. profile.FeatureNames.Where(printed.Contains)];
    }

    /// <summary>The number of a column; -1 if there is none of this name.</summary>
    public int Find(string name) => _numbers.GetValueOrDefault(name, -1);

    /// <summary>The numbers of all columns of a name, as the names were before duplicates were numbered.</summary>
    public int[] FindAll(string name) => [.. Enumerable.Range(0, Header.Count).Where(column => _bareNames[column] == name)];

    /// <summary>Whether fields are the names of this header.</summary>
    internal bool AreNamed(IReadOnlyList<string> fields) => fields.Select(Bare).SequenceEqual(_bareNames);

    private static List<(int Column, int First)> NumberDuplicates(string[] names)
    {
        HashSet<string> taken = [.. names];
        Dictionary<string, int> first = [];

        // Where the last search of a name ended, or ten thousand columns of one name would take the square of their number.
        Dictionary<string, int> numbered = [];
        List<(int Column, int First)> duplicates = [];
        for (int column = 0; column < names.Length; column++)
        {
            string name = names[column];
            if (first.TryAdd(name, column))
            {
                continue;
            }

            duplicates.Add((column, first[name]));
            int number = numbered.GetValueOrDefault(name);
            while (!taken.Add(names[column]))
            {
                names[column] = name + "." + (++number).ToString(CultureInfo.InvariantCulture);
            }

            numbered[name] = number;
        }

        return duplicates;
    }
}
