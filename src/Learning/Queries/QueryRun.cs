using FlowMeter.Engine.Output;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Queries;

/// <summary>
/// Answers a query of the rows of one table, in one pass and bounded memory: rows that are neither sorted nor grouped go through at once,
/// others wait in memory and temporary files. For one thread at a time.
/// </summary>
public sealed class QueryRun : IDisposable
{
    // More rows in a heap would take more memory than sorting them all.
    private const int MaxHeap = 50_000;
    private const string DefaultSort = "flows";

    private readonly IResultSink _sink;
    private readonly RowAnonymizer? _anonymizer;
    private readonly Condition? _where;
    private readonly QueryColumn[] _by;
    private readonly QueryColumn[] _shown;
    private readonly (QueryColumn Column, int Place, bool IsDescending)[] _sort;
    private readonly GroupColumns? _groupColumns;
    private readonly GroupTable? _groups;
    private readonly TopRows? _top;
    private readonly RowSorter? _sorter;
    private readonly FieldRow _row = new();
    private readonly FieldRow _out = new();
    private readonly SortKey _key = new();
    private readonly byte[] _room = new byte[20];
    private readonly int[] _places;
    private readonly long _most;

    /// <summary>Prepares a query for a table, and gives the columns of the answer to its sink.</summary>
    /// <param name="query">The query.</param>
    /// <param name="columns">The columns of the table.</param>
    /// <param name="sink">Takes the answer; stays the caller's.</param>
    /// <param name="folder">Where temporary files go.</param>
    /// <param name="sortMemory">Bytes of rows that wait in memory.</param>
    /// <param name="anonymizer">
    /// Replaces addresses and names in all that is shown, put in order and summed up; the expression asks the rows as they are. Null: none.
    /// </param>
    /// <exception cref="QueryException">The query does not fit the table.</exception>
    public QueryRun(
        FlowQuery query, QueryColumns columns, IResultSink sink, string folder, int sortMemory = RowSorter.DefaultMemory,
        RowAnonymizer? anonymizer = null)
    {
        _anonymizer = anonymizer;
        _sink = sink;
        _most = query.Top ?? long.MaxValue;
        _where = query.Expression == null ? null : QueryParser.Parse(query.Expression, columns);
        _by = [.. query.By.Select(word => columns.Single(word, "--by"))];
        bool isGrouped = _by.Length > 0;
        _groupColumns = isGrouped ? new GroupColumns(columns.Flow) : null;
        QueryColumn[] answer = isGrouped ? [.. _by, .. _groupColumns!.All] : [.. columns.All];
        QueryColumn Named(string word, string option) => !isGrouped
            ? columns.Single(word, option)
            : answer.FirstOrDefault(column => column.Name == word) ?? (columns.Find(word) is [QueryColumn known]
                ? answer.FirstOrDefault(column => column.Name == known.Name) : null) ?? throw Missing(word, option, answer);

        _shown = query.Columns.Count == 0 ? answer : [.. query.Columns.Select(word => Named(word, "--columns"))];
        _places = isGrouped ? Array.ConvertAll(_shown, column => Array.IndexOf(answer, column)) : [];
        IReadOnlyList<SortColumn> sort = query.Sort.Count == 0 && isGrouped ? [new SortColumn(DefaultSort, null)] : query.Sort;
        _sort = [.. sort.Select(by => (Column: Named(by.Name, "--sort"), by.IsDescending)).Select(by => (
            by.Column, Array.IndexOf(answer, by.Column), by.IsDescending ?? SortKey.IsDescending(by.Column.Kind)))];
        _groups = isGrouped ? new GroupTable(folder, sortMemory / 2) : null;
        bool fitsHeap = query.Top <= MaxHeap;
        _top = _sort.Length > 0 && fitsHeap ? new TopRows((int)query.Top!) : null;
        _sorter = _sort.Length > 0 && !fitsHeap ? new RowSorter(folder, sortMemory) : null;
        sink.Begin(_shown);
    }

    /// <summary>Rows that met the expression.</summary>
    public long Matched { get; private set; }

    /// <summary>Rows or groups given to the sink.</summary>
    public long Shown { get; private set; }

    /// <summary>Whether the answer is complete whatever rows come.</summary>
    public bool IsDone => Shown >= _most;

    /// <summary>Whether the answer begins only when all rows are there.</summary>
    public bool Waits => _groups != null || _sort.Length > 0;

    /// <summary>Takes a row.</summary>
    /// <exception cref="OutputException">It, or a temporary file, can not be written.</exception>
    public void Add(FlowTableReader row)
    {
        if (IsDone || _where?.Matches(row) == false)
        {
            return;
        }

        Matched++;
        if (_groups != null)
        {
            _row.Clear();
            foreach (QueryColumn column in _by)
            {
                _row.Add(ValueIn(column, row));
            }

            GroupSums sums = _groupColumns!.SumsOf(row);
            _groups.Add(_row.Written(), in sums);
            return;
        }

        _key.Clear();
        foreach ((QueryColumn column, _, bool isDescending) in _sort)
        {
            _key.Add(ValueIn(column, row), column.Kind, isDescending);
        }

        _out.Clear();
        foreach (QueryColumn column in _shown)
        {
            _out.Add(ValueIn(column, row));
        }

        Order();
    }

    /// <summary>Ends the answer: what waited is given to the sink.</summary>
    /// <exception cref="OutputException">It can not be written, or a temporary file not be read.</exception>
    public void Complete()
    {
        _groups?.Drain((key, in sums) =>
        {
            _row.Read(key);
            _groupColumns!.Write(in sums, _row);
            _key.Clear();
            foreach ((QueryColumn column, int place, bool isDescending) in _sort)
            {
                _key.Add(_row[place], column.Kind, isDescending);
            }

            _out.Clear();
            foreach (int place in _places)
            {
                _out.Add(_row[place]);
            }

            Order();
        });
        _top?.Drain(Emit);
        _sorter?.Drain(Emit);
        _sink.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _groups?.Dispose();
        _sorter?.Dispose();
    }

    private ReadOnlySpan<byte> ValueIn(QueryColumn column, FlowTableReader row) =>
        _anonymizer == null ? column.ValueIn(row, _room) : _anonymizer.ValueIn(column, row, _room);

    private static QueryException Missing(string word, string option, QueryColumn[] answer) =>
        new($"{word}: no column of the groups, which are {string.Join(", ", answer.Select(column => column.Name))}", 0, 1)
        {
            Option = option,
        };

    private void Order()
    {
        if (_top != null)
        {
            _top.Add(_key.Bytes, _out.Written());
        }
        else if (_sorter != null)
        {
            _sorter.Add(_key.Bytes, _out.Written());
        }
        else
        {
            Give(_out);
        }
    }

    private void Emit(ReadOnlySpan<byte> key, ReadOnlySpan<byte> row)
    {
        _row.Read(row);
        Give(_row);
    }

    private void Give(FieldRow row)
    {
        if (Shown < _most)
        {
            Shown++;
            _sink.Add(row);
        }
    }
}
