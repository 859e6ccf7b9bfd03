using FlowMeter.Engine.Features;

namespace FlowMeter.Engine.Export;

/// <summary>One value of the objects of a JSON Lines table.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Cell">How it is written.</param>
/// <param name="Source">Where it comes from, if it is no feature.</param>
/// <param name="Feature">Its number among the profile's features; -1 if it is none.</param>
internal readonly record struct JsonColumn(string Key, JsonCell Cell, ColumnSource Source, int Feature)
{
    /// <summary>The values of a table whose keys are the names of its columns.</summary>
    public static IReadOnlyList<JsonColumn> Of(IReadOnlyList<Column> columns) => [.. columns.Select(column => Of(column.Name, column))];

    /// <summary>A column under some key.</summary>
    public static JsonColumn Of(string key, Column column) => new(key, CellOf(column), column.Source, column.Feature);

    private static JsonCell CellOf(Column column) => column.Source switch
    {
        ColumnSource.Integer => JsonCell.Integer,
        ColumnSource.Thousandths => JsonCell.Thousandths,
        ColumnSource.Double => JsonCell.Double,
        _ => column.Type is ColumnType.Integer or ColumnType.Double ? JsonCell.Number : JsonCell.Text,
    };
}
