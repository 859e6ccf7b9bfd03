namespace FlowMeter.Tests.Support;

/// <summary>Tables with the expected rows of each profile, beside the repository.</summary>
internal static class GoldenTables
{
    /// <summary>The names of a profile's tables; none where the folder is absent.</summary>
    public static TheoryData<string> Names(string profile)
    {
        TheoryData<string> names = [];
        if (SharedFolder.Path is not null)
        {
            // But for one whose times are random: it was computed when the clock was still their maximum.
            IEnumerable<string> tables = Directory.EnumerateFiles(FileOf(profile), "*.csv").Select(
                path => Path.GetFileNameWithoutExtension(path));
            foreach (string name in tables.Where(name => name != "tcpdump__babel_update_oobr.pcap").Order(StringComparer.Ordinal))
            {
                names.Add(name);
            }
        }

        return names;
    }

    /// <summary>A file or folder among them.</summary>
    public static string FileOf(params string[] parts) => Path.Combine([SharedFolder.Path!, "golden", .. parts]);
}
