using FlowMeter.Engine.Features;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Queries;

/// <summary>
/// The columns of a table by name, with what their values are, and the words that stand for columns: <c>ip</c>, <c>net</c>, <c>port</c> and
/// <c>host</c> for those of either end, <c>duration</c> and <c>proto</c> whatever the table calls them, and <c>row</c>, the row's number.
/// </summary>
public sealed class QueryColumns
{
    private const string Row = "row";

    private static readonly Dictionary<string, Column> s_known = KnownColumns();
    private static readonly string[] s_words = ["ip", "net", "port", "host", "duration", "proto", Row];

    private readonly TableColumns _table;
    private readonly bool _numbersRows;
    private readonly FlowFields _flow;
    private readonly Dictionary<string, Column> _ofProfile;

    /// <summary>Looks at a header.</summary>
    /// <param name="table">The header.</param>
    /// <param name="numbersRows">Whether the order of the rows means something, so that each has a number.</param>
    public QueryColumns(TableColumns table, bool numbersRows = true)
    {
        _table = table;
        _numbersRows = numbersRows;
        _flow = new FlowFields(table);
        _ofProfile = table.FindProfile()?.Columns.ToDictionary(column => column.Name) ?? [];
    }

    /// <summary>All columns, in the order of the table.</summary>
    public IReadOnlyList<QueryColumn> All => [.. Enumerable.Range(0, _table.Header.Count).Select(Of)];

    /// <summary>The parts of a flow that the table has.</summary>
    public FlowFields Flow => _flow;

    /// <summary>All words that name columns.</summary>
    public IEnumerable<string> Words => _table.Header.Concat(s_words.Where(word => Find(word).Count > 0));

    /// <summary>The columns that a word stands for: one for a name, more for those of either end; none for an unknown word.</summary>
    public IReadOnlyList<QueryColumn> Find(string word)
    {
        int number = _table.Find(word);
        return number >= 0 ? [Of(number)]
            : word switch
            {
                "ip" or "net" => Existing(_flow.SourceAddress, _flow.DestinationAddress),
                "port" => Existing(_flow.SourcePort, _flow.DestinationPort),
                "host" => Existing(_flow.SourceName, _flow.DestinationName, _flow.ServerName),
                "duration" => Existing(_flow.Duration),
                "proto" => Existing(_flow.Protocol),
                Row when _numbersRows => [new QueryColumn(QueryColumn.RowNumber, Row, QueryKind.Number)],
                _ => [],
            };
    }

    /// <summary>The only column that a word of an option stands for.</summary>
    /// <param name="word">The word.</param>
    /// <param name="option">The option.</param>
    /// <exception cref="QueryException">There is no such column, or it stands for several.</exception>
    public QueryColumn Single(string word, string option) => Find(word) switch
    {
        [QueryColumn column] => column,
        [] => throw Missing(word, 0, 1, option),
        var several => throw new QueryException(
            $"{word}: stands for {string.Join(" and ", several.Select(column => column.Name))}; name one of them", 0, 1)
        {
            Option = option,
        },
    };

    /// <summary>That a word names no column.</summary>
    internal QueryException Missing(string word, int at, int length, string? option = null) => word == Row
        ? new($"{word}: with several workers rows have no order and no numbers; leave out --workers", at, length) { Option = option }
        : new($"{word}: no such column", at, length) { Option = option, Unknown = word, Known = [.. Words] };

    private QueryColumn Of(int number)
    {
        string name = _table.Header[number];
        QueryColumn column = new(number, name, QueryKind.Any)
        {
            Seconds = number == _flow.Duration ? _flow.DurationUnit : 0,
            IsProtocol = number == _flow.Protocol,
        };
        return (_ofProfile.GetValueOrDefault(name) ?? s_known.GetValueOrDefault(name)) is not { } known ? Guess(column) : column with
        {
            Kind = known.Type switch
            {
                ColumnType.Integer or ColumnType.Double => QueryKind.Number,
                ColumnType.Time => QueryKind.Time,
                ColumnType.Address => QueryKind.Address,
                _ => QueryKind.Text,
            },
            Seconds = known.Unit switch { "ns" => 1e-9, "µs" => 1e-6, "ms" => 1e-3, "s" => 1, _ => 0 },
            IsBytes = known.Unit == "byte",
            Source = known.Source,
        };
    }

    /// <summary>What another program's column holds, where that is the part of a flow that it is known for.</summary>
    private QueryColumn Guess(QueryColumn column) =>
        column.Number == _flow.SourceAddress || column.Number == _flow.DestinationAddress ? column with { Kind = QueryKind.Address }
        : column.Number == _flow.Duration ? column with { Kind = QueryKind.Number }
        : column.Number == _flow.SourceName || column.Number == _flow.DestinationName || column.Number == _flow.ServerName
            || column.Number == _flow.Application || column.Number == _flow.ConnectionState ? column with { Kind = QueryKind.Text }
        : column;

    private QueryColumn[] Existing(params ReadOnlySpan<int> numbers)
    {
        List<QueryColumn> columns = [];
        foreach (int number in numbers)
        {
            if (number >= 0)
            {
                columns.Add(Of(number));
            }
        }

        return [.. columns];
    }

    /// <summary>Columns of all profiles; a name that is of different kinds in two of them is known by none.</summary>
    private static Dictionary<string, Column> KnownColumns()
    {
        IEnumerable<Column> all =
        [
            .. Profile.All.SelectMany(profile => profile.Columns), .. Column.OfModel, Column.OfVerdictBasis, Column.OfCommunityId,
            Column.OfLabel, Column.OfExplanation,
        ];
        return all.GroupBy(column => column.Name).Where(same => same.Select(column => (column.Type, column.Unit)).Distinct().Count() == 1)
            .ToDictionary(same => same.Key, same => same.First());
    }
}
