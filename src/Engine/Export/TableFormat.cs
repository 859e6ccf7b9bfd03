using FlowMeter.Engine.Features;
using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Export;

/// <summary>A format of flow tables. A new one is one more of these; nothing else knows their names.</summary>
public sealed class TableFormat
{
    // A batch of a few rows takes more bytes for its description than for them.
    private static readonly TimeSpan s_patienceOfBatches = TimeSpan.FromSeconds(10);

    private readonly Func<TableSchema, byte[]> _header;
    private readonly Func<RowOutput, TableSchema, FeatureBlock, ExportOptions, IFlowSink> _sink;

    private TableFormat(
        string name, RowFraming framing, Func<TableSchema, byte[]> header,
        Func<RowOutput, TableSchema, FeatureBlock, ExportOptions, IFlowSink> sink)
    {
        (Name, Ending, Framing) = (name, $".{name}", framing);
        (_header, _sink) = (header, sink);
    }

    /// <summary>A format of columns.</summary>
    private TableFormat(string name, RowFraming framing, BatchFormat batches)
        : this(
            name, framing, schema => batches.Header(BatchSchema.Of(schema)),
            (output, schema, features, _) => new BatchSink(output, schema, features, batches.CreateEncoder(BatchSchema.Of(schema))))
    {
        Batches = batches;
        Patience = s_patienceOfBatches;
    }

    /// <summary>Comma-separated values behind a line with their names.</summary>
    public static TableFormat Csv { get; } = new(
        "csv", RowFraming.Lines, schema => CsvSink.Header(schema.Columns),
        (output, schema, features, _) => new CsvSink(output, schema.Columns, features, schema.Label, schema.MaxExplanation))
    {
        IsText = true,
        Batches = new BatchFormat(CsvBatchEncoder.Header, _ => new CsvBatchEncoder()),
    };

    /// <summary>JSON Lines, one object a flow.</summary>
    public static TableFormat JsonLines { get; } = new(
        "jsonl", RowFraming.BareLines, _ => [],
        (output, schema, features, options) => new JsonLinesSink(output, schema, features, options.UsesElasticNames))
    {
        IsText = true,
        Batches = new BatchFormat(_ => [], schema => new JsonLinesBatchEncoder(schema)),
    };

    /// <summary>A file of IPFIX messages (RFC 5655).</summary>
    public static TableFormat Ipfix { get; } = new(
        "ipfix", new IpfixFraming(), IpfixSchema.Header, (output, schema, features, _) => new IpfixSink(output, schema, features));

    /// <summary>A Parquet file.</summary>
    public static TableFormat Parquet { get; } = new(
        "parquet", new ParquetFraming(), new BatchFormat(ParquetSchema.Header, _ => new ParquetBatchEncoder()));

    /// <summary>Arrow record batches behind each other, the streaming format of Arrow IPC.</summary>
    public static TableFormat Arrow { get; } = new(
        "arrow", new ArrowFraming(isFile: false), new BatchFormat(ArrowBatchEncoder.Header, schema => new ArrowBatchEncoder(schema)))
    {
        Ending = ".arrows",
    };

    /// <summary>The same record batches in Arrow's random access format, which ends with a list of them.</summary>
    public static TableFormat ArrowFile { get; } = new(
        "arrow-file", new ArrowFraming(isFile: true), new BatchFormat(
            schema => [.. ArrowFraming.FileMark, .. ArrowBatchEncoder.Header(schema)], schema => new ArrowBatchEncoder(schema)))
    {
        Ending = ".arrow",
    };

    /// <summary>All formats, the default one first.</summary>
    public static IReadOnlyList<TableFormat> All { get; } = [Csv, JsonLines, Parquet, Arrow, ArrowFile, Ipfix];

    /// <summary>What <c>--format</c> calls it.</summary>
    public string Name { get; }

    /// <summary>How names of its files end.</summary>
    public string Ending { get; private init; }

    /// <summary>Whether it is text, which gzip and zstd may compress.</summary>
    public bool IsText { get; private init; }

    /// <summary>How long a row may wait for others where rows come one by one.</summary>
    internal TimeSpan Patience { get; private init; }

    /// <summary>How it is made of batches of columns; null: it is not.</summary>
    internal BatchFormat? Batches { get; private init; }

    /// <summary>How its rows are told apart.</summary>
    internal RowFraming Framing { get; }

    /// <summary>The format of this name, or null.</summary>
    public static TableFormat? Find(string name) => All.FirstOrDefault(format => format.Name == name);

    /// <summary>What stands before the first row.</summary>
    internal byte[] HeaderOf(TableSchema schema) => _header(schema);

    /// <summary>Makes a sink of rows with the features of a block; several may share an output.</summary>
    internal IFlowSink CreateSink(RowOutput output, TableSchema schema, FeatureBlock features, ExportOptions options) =>
        _sink(output, schema, features, options);
}
