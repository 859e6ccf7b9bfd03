using System.Text;

namespace FlowMeter.Tests.Oracle;

/// <summary>A parsed CSV file: its header and its rows, as text. Quoting as RFC 4180 has it.</summary>
internal sealed record CsvTable(string[] Header, IReadOnlyList<string[]> Rows)
{
    public static CsvTable ReadFile(string path) => Parse(File.ReadAllText(path));

    public static CsvTable Parse(string text)
    {
        List<string[]> lines = [];
        List<string> fields = [];
        StringBuilder field = new();
        bool quoted = false;
        for (int at = 0; at < text.Length; at++)
        {
            char c = text[at];
            if (quoted && c == '"' && at + 1 < text.Length && text[at + 1] == '"')
            {
                field.Append('"');
                at++;
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && c is ',' or '\n')
            {
                fields.Add(field.ToString());
                field.Clear();
                if (c == '\n')
                {
                    lines.Add([.. fields]);
                    fields.Clear();
                }
            }
            else if (quoted || c != '\r')
            {
                field.Append(c);
            }
        }
        if (field.Length > 0 || fields.Count > 0)
        {
            fields.Add(field.ToString());
            lines.Add([.. fields]);
        }
        return lines.Count == 0 ? new CsvTable([], []) : new CsvTable(lines[0], lines[1..]);
    }

    /// <summary>The place of a column, or -1.</summary>
    public int Column(string name) => Array.IndexOf(Header, name);
}
