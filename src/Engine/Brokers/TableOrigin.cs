using System.Globalization;
using System.Text;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Engine.Brokers;

/// <summary>Whose table the rows of a message are from, and what table.</summary>
/// <param name="Sensor">The sensor's name.</param>
/// <param name="Run">The run of the program, which no other has.</param>
/// <param name="Format">The format of the rows.</param>
/// <param name="Profile">The profile.</param>
/// <param name="Schema">What the columns are, as 16 hexadecimal digits: tables with the same may be joined row by row.</param>
/// <param name="Model">The model whose scores it has; null: none.</param>
public sealed record TableOrigin(string Sensor, string Run, TableFormat Format, string Profile, string Schema, string? Model)
{
    /// <summary>Describes the table of a run.</summary>
    /// <param name="sensor">The sensor's name.</param>
    /// <param name="now">When the run began.</param>
    /// <param name="profile">The table's profile.</param>
    /// <param name="model">The model; null: none.</param>
    /// <param name="options">How rows are written.</param>
    public static TableOrigin Of(string sensor, DateTimeOffset now, Profile profile, Model? model, ExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(options);
        StringBuilder columns = new();
        string uniflows = options.HasUniflows ? " uniflows" : "";
        columns.Append(CultureInfo.InvariantCulture, $"{options.Encoding.Format.Name} {options.UsesElasticNames}{uniflows}\n");
        foreach (Column column in ExportPipeline.ColumnsOf(profile, model, options))
        {
            columns.Append(CultureInfo.InvariantCulture, $"{column.Name} {column.Type}\n");
        }

        string start = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        return new TableOrigin(
            sensor, $"{start}-{Guid.NewGuid():N}"[..25], options.Encoding.Format, profile.Name, Hash(columns.ToString()), model?.Name);
    }

    /// <summary>Makes a message of this table.</summary>
    /// <param name="block">Its number, in this run.</param>
    /// <param name="body">The table.</param>
    /// <param name="rows">Its rows.</param>
    internal BlockMessage MessageOf(long block, ReadOnlyMemory<byte> body, int rows)
    {
        string headers = string.Create(
            CultureInfo.InvariantCulture,
            $"""
             Flowmeter-Sensor: {Sensor}
             Flowmeter-Run: {Run}
             Flowmeter-Block: {block}
             Flowmeter-Rows: {rows}
             Flowmeter-Format: {Format.Name}
             Flowmeter-Profile: {Profile}
             Flowmeter-Schema: {Schema}
             {(Model == null ? "" : $"Flowmeter-Model: {OneLine(Model)}\n")}
             """);
        return new BlockMessage(
            string.Create(CultureInfo.InvariantCulture, $"{Sensor}/{Run}/{block}"),
            Encoding.UTF8.GetBytes(headers.TrimEnd().ReplaceLineEndings("\r\n") + "\r\n"), body, rows);
    }

    private static string OneLine(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter));

    /// <summary>FNV-1a of 64 bits.</summary>
    private static string Hash(string text)
    {
        ulong hash = 0xcbf2_9ce4_8422_2325;
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ value) * 0x0000_0100_0000_01b3;
        }

        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }
}
