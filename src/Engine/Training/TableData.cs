using System.Globalization;
using System.Text;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Observe;
using FlowMeter.Engine.Tables;

namespace FlowMeter.Engine.Training;

/// <summary>
/// Makes a data set of flow tables: of one of our profiles, or anybody's. Columns that are text are left out and named; those that say who, where or when are left out unless forced.
/// </summary>
public sealed class TableData
{
    private readonly LabelColumn _label;
    private readonly IReadOnlyCollection<string> _forced;
    private readonly IReadOnlyList<string>? _wanted;
    private readonly Action<string> _tell;
    private readonly Dictionary<string, string> _texts = [];
    private int _unlabelled;

    /// <summary>Sets up the reading.</summary>
    /// <param name="label">Where labels are.</param>
    /// <param name="forced">Columns to take whatever they are called.</param>
    /// <param name="wanted">The features to take, those of a model; null for all there are.</param>
    /// <param name="tell">Told what is left out.</param>
    public TableData(LabelColumn label, IReadOnlyCollection<string> forced, IReadOnlyList<string>? wanted, Action<string> tell)
    {
        _label = label;
        _forced = forced;
        _wanted = wanted;
        _tell = tell;
    }

    /// <summary>Reads tables; each counts as one capture.</summary>
    /// <exception cref="DataException">A table can not be read, has no rows, lacks a column, or is larger than memory.</exception>
    public DataSet Read(IReadOnlyList<string> paths)
    {
        DataSetBuilder? builder = null;
        foreach (string path in paths)
        {
            using CsvReader reader = CsvReader.Open(path);
            TableColumns columns = reader.ReadHeader();
            builder ??= Begin(columns, path);
            Append(reader, columns, builder, path);
        }

        DataSet data = builder!.Build();
        if (data.Count == 0)
        {
            throw new DataException($"{paths[0]}: no labelled rows; check the table and its column '{_label.Name}'.");
        }

        if (data.Positives is var positives && (positives == 0 || positives == data.Count))
        {
            throw new DataException(
                $"{paths[0]}: all rows are {(positives == 0 ? "benign" : "malicious")}: column '{_label.Name}' has {_label.Seen()}; say with --positive which of them are malicious.");
        }

        if (_unlabelled > 0)
        {
            _tell($"{_unlabelled} rows have no label, left out");
        }

        return WithoutTexts(data);
    }

    private DataSetBuilder Begin(TableColumns columns, string path)
    {
        Profile? profile = _wanted == null && _forced.Count == 0 ? columns.FindProfile() : null;
        List<string> features = [];
        List<string> forbidden = [];
        foreach (string forced in _forced.Where(forced => columns.Find(forced) < 0))
        {
            throw new DataException($"{path}: there is no column '{forced}' to force; its columns are {string.Join(", ", columns.Header.Take(20))}.");
        }

        foreach (string name in _wanted ?? (profile == null ? columns.Header : TableColumns.PrintedFeatures(profile)))
        {
            if (_wanted == null && profile == null && ForbiddenFeature.Is(name) && !_forced.Contains(name))
            {
                forbidden.Add(name);
            }
            else if (!name.Equals(_label.Name, StringComparison.OrdinalIgnoreCase))
            {
                features.Add(name);
            }
        }

        if (forbidden.Count > 0)
        {
            _tell($"ports, addresses, TTL, identifiers and times are no features, left out (--force-feature takes one in): {string.Join(", ", forbidden)}");
        }

        return new DataSetBuilder(profile?.Name ?? DataSet.TableProfile, features);
    }

    private void Append(CsvReader reader, TableColumns columns, DataSetBuilder builder, string path)
    {
        int label = Place(columns, columns.Header.FirstOrDefault(name => name.Equals(_label.Name, StringComparison.OrdinalIgnoreCase)) ?? _label.Name, path, "the label column; name it with --label-column");
        int[] places = [.. builder.Features.Select(name => Place(columns, name, path, "a feature of the model or of the first table"))];
        double[] values = new double[places.Length];
        while (reader.Read())
        {
            if (reader.Count != columns.Header.Count)
            {
                throw new DataException($"{path}: line {reader.Line}: {reader.Count} fields, but the header has {columns.Header.Count}; mend or remove the line.");
            }

            if (_label.IsPositive(reader.Field(label)) is not bool positive)
            {
                _unlabelled++;
                continue;
            }

            for (int i = 0; i < places.Length; i++)
            {
                if (!NumberText.TryParse(reader.Field(places[i]), out values[i]))
                {
                    IsText(builder.Features[i], reader.Text(places[i]), reader.Line, path);
                }
            }

            builder.Add(values, positive, path, Time(reader, columns), Volume(reader, columns));
        }
    }

    private static int Place(TableColumns columns, string name, string path, string what)
    {
        int place = columns.Find(name);
        return place >= 0 ? place : throw new DataException($"{path}: there is no column '{name}', {what}; its columns are {Shown(columns)}.");
    }

    private static string Shown(TableColumns columns) => string.Join(", ", columns.Header.Take(12)) + (columns.Header.Count > 12 ? ", … " + columns.Header[^1] : "");

    private void IsText(string column, string value, long line, string path)
    {
        if (_wanted != null)
        {
            throw new DataException($"{path}: line {line}: column '{column}' is '{value}', expected a number, since the model reads it.");
        }

        _texts.TryAdd(column, $"{column} (line {line} has '{(value.Length > 20 ? value[..20] + "…" : value)}')");
    }

    private DataSet WithoutTexts(DataSet data)
    {
        if (_texts.Count == 0)
        {
            return data;
        }

        _tell($"text, left out: {string.Join(", ", _texts.Values)}");
        int[] kept = [.. Enumerable.Range(0, data.Features.Count).Where(feature => !_texts.ContainsKey(data.Features[feature]))];
        return data.WithFeatures(kept);
    }

    private static long? Time(CsvReader reader, TableColumns columns)
    {
        if (columns.Time < 0)
        {
            return null;
        }

        ReadOnlySpan<byte> field = reader.Field(columns.Time);
        return DateTimeOffset.TryParse(Encoding.UTF8.GetString(field), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100
            : double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && Math.Abs(seconds) < 9e9 ? (long)(seconds * CaptureTime.Second) : null;
    }

    private static FlowVolume? Volume(CsvReader reader, TableColumns columns) =>
        columns.Packets >= 0
            && NumberText.TryParse(reader.Field(columns.Packets), out double packets) && NumberText.TryParse(reader.Field(columns.Bytes), out double bytes)
            && packets >= 0 && bytes >= 0
            ? new FlowVolume(packets, bytes, packets, bytes)
            : null;
}
