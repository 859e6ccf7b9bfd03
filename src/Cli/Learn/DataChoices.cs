using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Capture;
using FlowMeter.Learning.Data;

namespace FlowMeter.Cli.Learn;

/// <summary>The labelled flows as they were typed.</summary>
internal sealed record DataChoices
{
    /// <summary>Tables; with <see cref="Labels"/>, captures.</summary>
    public required string[] Files { get; init; }

    /// <summary>Captures of which every flow is benign.</summary>
    public required string[] Benign { get; init; }

    /// <summary>Captures of which every flow is malicious.</summary>
    public required string[] Malicious { get; init; }

    /// <summary>The file with labels by flow; null if there is none.</summary>
    public required string? Labels { get; init; }

    /// <summary>The column of a table that holds the label.</summary>
    public required string LabelColumn { get; init; }

    /// <summary>Labels that mean malicious, or !LABEL for all others; the default's if empty.</summary>
    public required string[] Positive { get; init; }

    /// <summary>Flows kept of each capture at most; null for all.</summary>
    public required int? FlowsPerCapture { get; init; }

    /// <summary>How captures are metered.</summary>
    public required MeteringChoices Metering { get; init; }

    /// <summary>Whether the files are tables.</summary>
    public bool HasTables => Labels == null && Files.Length > 0;

    /// <summary>All files, in order.</summary>
    public IReadOnlyList<string> Sources => [.. Benign, .. Malicious, .. Files];

    /// <summary>All files that are read; null for one that was not named.</summary>
    public IReadOnlyList<string?> Inputs => [.. Sources, Labels];

    /// <summary>Reads tables.</summary>
    /// <param name="forced">Columns to take whatever they are called.</param>
    /// <param name="modelFeatures">Chooses a model's features for the first table's columns; null for all columns.</param>
    /// <param name="sources">Names the source of each table or row; null: nobody does.</param>
    /// <param name="notes">Receives what is left out, and the progress.</param>
    /// <param name="stop">Ends the reading.</param>
    public DataSet ReadTables(
        IReadOnlyCollection<string> forced, Func<TableColumns, IReadOnlyList<string>>? modelFeatures, SourceNames? sources, Notes notes,
        CancellationToken stop)
    {
        TableData tables = new(new LabelColumn(LabelColumn, Positive), forced, modelFeatures, Notes.Tell) { Sources = sources };
        InputProgress read = new();
        long? bytes = FileArgument.BytesOf(Files);
        using ProgressLine? line = notes.Show("rows", () => (tables.Rows, ProgressLine.ShareOf(read, bytes)));
        DataSet data = tables.Read(Files, read, stop);
        return FlowsPerCapture is int most ? data.WithRows(data.Thinned(most)) : data;
    }

    /// <summary>Meters captures.</summary>
    /// <param name="plan">How; where it decides after some packets, the features are those of them.</param>
    /// <param name="sources">Names the source of each capture; null: nobody does.</param>
    /// <param name="notes">Receives what is left out, and the progress.</param>
    /// <param name="stop">Ends the metering.</param>
    public DataSet ReadCaptures(MeteringPlan plan, SourceNames? sources, Notes notes, CancellationToken stop)
    {
        foreach (string capture in Sources)
        {
            Savefile.Check(capture);
        }

        FlowLabels? labels = Labels == null ? null : FlowLabels.Load(Labels, Notes.Tell);
        LabelledCapture[] captures =
        [
            .. Benign.Select(path => new LabelledCapture(path, false)),
            .. Malicious.Select(path => new LabelledCapture(path, true)),
            .. Files.Select(path => new LabelledCapture(path, null)),
        ];
        CaptureData data = new(plan.Profile, plan.Options, labels, FlowsPerCapture, Notes.Tell) { Sources = sources };
        InputProgress read = new();
        long? bytes = FileArgument.BytesOf(Sources);
        using ProgressLine? line = notes.Show("packets", () => (data.Packets, ProgressLine.ShareOf(read, bytes)));
        return data.Read(captures, read, stop);
    }
}
