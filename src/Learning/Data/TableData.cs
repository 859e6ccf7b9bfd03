using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Features;

namespace FlowMeter.Learning.Data;

/// <summary>
/// Makes a data set of flow tables, of one of our profiles or of any other program. Columns of text are left out; so are those of
/// <see cref="ForbiddenFeature"/> unless they are forced. Memory is bounded by <see cref="DataSetBuilder.MaxRows"/>.
/// </summary>
public sealed class TableData
{
    private readonly LabelColumn _label;
    private readonly IReadOnlyCollection<string> _forced;
    private readonly Func<TableColumns, IReadOnlyList<string>>? _modelFeatures;
    private readonly Action<string> _tell;
    private readonly Dictionary<string, string> _texts = [];
    private long _rows;
    private int _unlabelled;

    /// <summary>Sets up the reading.</summary>
    /// <param name="label">The column of the labels.</param>
    /// <param name="forced">Columns to take as features whatever their names are.</param>
    /// <param name="modelFeatures">Gives the features of a model for the columns of the first table; null to take all columns that can be
    /// features.</param>
    /// <param name="tell">Receives one line for each group of columns or rows that is left out.</param>
    public TableData(
        LabelColumn label,
        IReadOnlyCollection<string> forced,
        Func<TableColumns, IReadOnlyList<string>>? modelFeatures,
        Action<string> tell)
    {
        _label = label;
        _forced = forced;
        _modelFeatures = modelFeatures;
        _tell = tell;
    }

    /// <summary>Names the source of each table, or of each of its rows; null: nobody names them.</summary>
    public SourceNames? Sources { get; init; }

    /// <summary>Rows read so far; may be read from any thread.</summary>
    public long Rows => Volatile.Read(ref _rows);

    /// <summary>Reads tables; each counts as one capture of the data set.</summary>
    /// <param name="paths">The tables, at least one; <c>-</c> for standard input.</param>
    /// <param name="progress">Counts the bytes that are read; null: disabled.</param>
    /// <param name="stop">Cancels the reading.</param>
    /// <exception cref="DataException">A table can not be read, has no labelled rows of both classes, lacks a column, or does not fit into
    /// memory.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public DataSet Read(IReadOnlyList<string> paths, InputProgress? progress = null, CancellationToken stop = default)
    {
        Sources?.Check(paths);
        DataSetBuilder? builder = null;
        foreach (string path in paths)
        {
            using FlowTableReader table = FlowTableReader.Open(path, _tell, progress, stop);
            builder ??= Begin(table.Columns, table.Name);
            Append(table, builder);
        }

        DataSet data = builder!.Build();
        if (data.Count == 0)
        {
            throw new DataException($"{paths[0]}: no labelled rows; check the table and its column '{_label.Name}'.");
        }

        if (data.Positives is var positives && (positives == 0 || positives == data.Count))
        {
            throw new DataException(
                $"{paths[0]}: all rows are {(positives == 0 ? "benign" : "malicious")}: column '{_label.Name}' has {_label.Seen()}; say "
                    + "with --positive which of them are malicious.");
        }

        if (_unlabelled > 0)
        {
            _tell($"{_unlabelled} rows have no label, left out");
        }

        return WithoutTexts(Sources?.Column == null ? data : data with { Group = data.Source });
    }

    private DataSetBuilder Begin(TableColumns columns, string path)
    {
        if (_modelFeatures != null)
        {
            return new DataSetBuilder(DataSet.TableProfile, _modelFeatures(columns));
        }

        if (_forced.FirstOrDefault(forced => columns.Find(forced) < 0) is { } unknown)
        {
            throw new DataException(
                $"{path}: there is no column '{unknown}' to force; its columns are {string.Join(", ", columns.Header.Take(20))}.");
        }

        Profile? profile = _forced.Count == 0 ? columns.FindProfile() : null;
        if (profile != null)
        {
            return new DataSetBuilder(profile.Name, TableColumns.PrintedFeatures(profile));
        }

        int label = LabelColumn.Find(columns, _label.Name);
        HashSet<string> judged = columns.Find("score") >= 0 && columns.Find("verdict") >= 0 ? ["score", "verdict"] : [];
        HashSet<int> labels = [.. columns.Duplicates.Where(duplicate => duplicate.First == label).Select(duplicate => duplicate.Column)];
        List<string> features = [];
        List<string> forbidden = [];
        foreach ((int column, string name) in columns.Header.Index())
        {
            bool isForced = _forced.Contains(name);
            if (judged.Contains(name) && !isForced)
            {
                continue;
            }

            if (ForbiddenFeature.Is(name) && !isForced && name != Sources?.Column)
            {
                forbidden.Add(name);
            }
            else if (!LabelColumn.IsNamed(name, _label.Name) && name != Sources?.Column && !labels.Contains(column))
            {
                features.Add(name);
            }
        }

        if (forbidden.Count > 0)
        {
            _tell("ports, addresses, TTL, identifiers and times are no features, left out (--force-feature takes one in): "
                + $"{string.Join(", ", forbidden)}");
        }

        if (judged.Count > 0 && !judged.All(_forced.Contains))
        {
            _tell("what a model made of the flows is no feature, left out: score, verdict");
        }

        return new DataSetBuilder(DataSet.TableProfile, features);
    }

    private void Append(FlowTableReader table, DataSetBuilder builder)
    {
        TableColumns columns = table.Columns;
        int label = LabelColumn.Find(columns, _label.Name);
        if (label < 0)
        {
            throw Without(table, _label.Name, "the label column; name it with --label-column");
        }

        int[] duplicates = [.. columns.Duplicates.Where(duplicate => duplicate.First == label).Select(duplicate => duplicate.Column)];
        int[] places = [.. builder.Features.Select(name => columns.Find(name) is var place && place >= 0
            ? place
            : throw Without(table, name, "a feature of the model or of the first table"))];
        int group = Sources?.Column is not { } named ? -1 : columns.Find(named) is var found && found >= 0
            ? found
            : throw Without(table, named, "the column that names sources");
        string? source = Sources?.Find(table.Name);
        double[] values = new double[places.Length];
        while (table.Read())
        {
            Volatile.Write(ref _rows, _rows + 1);
            foreach (int duplicate in duplicates)
            {
                if (!table.Field(duplicate).SequenceEqual(table.Field(label)))
                {
                    throw new DataException($"{table.Name}: line {table.Line}: column '{columns.Header[label]}' is there twice and says "
                        + $"'{table.Text(label)}' and '{table.Text(duplicate)}'; remove one of them.");
                }
            }

            if (_label.IsPositive(table.Field(label)) is not bool positive)
            {
                _unlabelled++;
                continue;
            }

            for (int i = 0; i < places.Length; i++)
            {
                if (!NumberText.TryParse(table.Field(places[i]), out values[i]))
                {
                    IsText(builder.Features[i], table.Text(places[i]), table);
                }
            }

            builder.Add(values, positive, table.Name, Time(table), Volume(table), group < 0 ? source : SourceOf(table, group));
        }
    }

    private static string SourceOf(FlowTableReader table, int column) =>
        table.Text(column).Trim() is { Length: > 0 } source ? source : throw new DataException(
            $"{table.Name}: line {table.Line}: column '{table.Columns.Header[column]}' is empty, so the row is from no source; name it.");

    private static DataException Without(FlowTableReader table, string column, string what)
    {
        string columns = string.Join(", ", table.Columns.Header.Take(12))
            + (table.Columns.Header.Count > 12 ? ", … " + table.Columns.Header[^1] : "");
        return new DataException($"{table.Name}: there is no column '{column}', {what}; its columns are {columns}.");
    }

    private void IsText(string column, string value, FlowTableReader table)
    {
        if (_modelFeatures != null)
        {
            throw new DataException(
                $"{table.Name}: line {table.Line}: column '{column}' is '{value}', expected a number, since the model reads it.");
        }

        _texts.TryAdd(column, $"{column} (line {table.Line} has '{(value.Length > 20 ? value[..20] + "…" : value)}')");
    }

    private DataSet WithoutTexts(DataSet data)
    {
        if (_texts.Count == 0)
        {
            return data;
        }

        _tell($"text, left out: {string.Join(", ", _texts.Values)}");
        int[] kept = [.. Enumerable.Range(0, data.Features.Count).Where(feature => !_texts.ContainsKey(data.Features[feature]))];
        return kept.Length > 0
            ? data.WithFeatures(kept)
            : throw new DataException($"{data.Captures[0]}: no column is left to train with: those that could teach something are text; "
                + "give a table of numbers.");
    }

    private static long? Time(FlowTableReader table) => table.Columns.Time < 0 ? null : TableTime.Parse(table.Field(table.Columns.Time));

    private static FlowVolume? Volume(FlowTableReader table) =>
        table.Columns.Packets >= 0
            && NumberText.TryParse(table.Field(table.Columns.Packets), out double packets)
            && NumberText.TryParse(table.Field(table.Columns.Bytes), out double bytes)
            && NumberText.IsVolume(packets) && NumberText.IsVolume(bytes)
            ? new FlowVolume(packets, bytes, packets, bytes)
            : null;
}
