namespace FlowMeter.Learning.Data;

/// <summary>
/// Which laboratory a file is from: lines of file and source, with a tab or a comma between. A first line that names the columns
/// (<c>file</c>, and <c>source</c>, <c>group</c> or <c>laboratory</c>) is a header; with tabs it may have more of them, in any order. Where
/// a column of tables says it row by row, there is no file.
/// </summary>
public sealed class SourceNames
{
    private static readonly string[] s_fileNames = ["file", "capture", "table"];
    private static readonly string[] s_sourceNames = ["group", "source", "laboratory"];

    private readonly string _path;
    private readonly Dictionary<string, string> _sourceOf = [];

    private SourceNames(string path, string? column)
    {
        _path = path;
        Column = column;
    }

    /// <summary>The column of tables that names the source of each row; null where a file names that of each capture or table.</summary>
    public string? Column { get; }

    /// <summary>Sources that a column of the tables names.</summary>
    public static SourceNames FromColumn(string column) => new("", column);

    /// <summary>Loads the sources of files.</summary>
    /// <exception cref="DataException">The file can not be read, is empty, or a line does not say file and source.</exception>
    public static SourceNames Load(string path)
    {
        SourceNames sources = new(path, null);
        using CsvReader reader = CsvReader.Open(path, '\t', isQuoted: false);
        (int file, int source) = (0, 1);
        bool isFirst = true;
        while (reader.Read())
        {
            string[] fields = reader.Count > 1 ? reader.Texts() : AtLastComma(reader.Text(0));
            if (isFirst && Place(fields, s_fileNames) is int fileAt && Place(fields, s_sourceNames) is int sourceAt)
            {
                (file, source) = (fileAt, sourceAt);
            }
            else if (fields.Length <= Math.Max(file, source) || fields[file].Trim().Length == 0 || fields[source].Trim().Length == 0)
            {
                throw new DataException($"{path}: line {reader.Line}: expected a file and its source, with a tab or a comma between.");
            }
            else if (!sources._sourceOf.TryAdd(fields[file].Trim(), fields[source].Trim())
                && sources._sourceOf[fields[file].Trim()] != fields[source].Trim())
            {
                throw new DataException(
                    $"{path}: line {reader.Line}: {fields[file].Trim()} is there before, from another source; say which it is.");
            }

            isFirst = false;
        }

        return sources._sourceOf.Count > 0 ? sources : throw new DataException(
            $"{path}: no sources in it; it has lines of a file and its source, with a tab or a comma between.");
    }

    /// <summary>The source of a capture or table; null where a column names it.</summary>
    public string? Find(string file) =>
        Column == null && NamedFile.Find(_sourceOf.Keys, file) is { } name ? _sourceOf[name] : null;

    /// <summary>Checks that every file has a source: one that has none could be from any of them.</summary>
    /// <exception cref="DataException">A file has none.</exception>
    internal void Check(IReadOnlyList<string> files)
    {
        string[] without = Column != null ? [] : [.. files.Where(file => Find(file) == null)];
        if (without.Length > 0)
        {
            throw new DataException(
                $"{_path}: no source of {without[0]}{(without.Length > 1 ? $" and {without.Length - 1} other files" : "")}; add a line "
                    + "for each.");
        }
    }

    private static int? Place(string[] header, string[] names) =>
        Array.FindIndex(header, field => names.Contains(field.Trim().ToLowerInvariant())) is var place && place >= 0 ? place : null;

    private static string[] AtLastComma(string line) =>
        line.LastIndexOf(',') is var at && at >= 0 ? [line[..at], line[(at + 1)..]] : [line];
}
