namespace FlowMeter.Learning.Data;

/// <summary>A table of JSON Lines as CSV.</summary>
public static class JsonTable
{
    /// <summary>Converts a table.</summary>
    /// <param name="lines">One object a line, of the same keys.</param>
    /// <param name="name">What messages call the table.</param>
    /// <returns>A header with the keys of the first object, and a row for each; empty where there is none.</returns>
    /// <exception cref="DataException">A line is no such object.</exception>
    public static byte[] ToCsv(ReadOnlyMemory<byte> lines, string name)
    {
        using MemoryStream from = new(lines.ToArray());
        using JsonLinesStream rows = new(from, name);
        using MemoryStream csv = new();
        rows.CopyTo(csv);
        return rows.IsJson || lines.Length == 0 ? csv.ToArray() : throw new DataException($"{name}: is no table of JSON Lines.");
    }
}
