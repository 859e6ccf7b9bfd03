namespace FlowMeter.Learning.Queries;

/// <summary>A column by which rows are put in order.</summary>
/// <param name="Name">Its name, or a word that stands for it.</param>
/// <param name="IsDescending">
/// Whether the largest comes first; null: as people look for it, the largest number, but the first time, address or word.
/// </param>
public sealed record SortColumn(string Name, bool? IsDescending)
{
    private const string Ascending = ":asc";
    private const string Descending = ":desc";

    /// <summary>Reads a name that may have <c>:asc</c> or <c>:desc</c> behind it.</summary>
    public static SortColumn Parse(string text) =>
        text.EndsWith(Ascending, StringComparison.Ordinal) ? new SortColumn(text[..^Ascending.Length], false)
        : text.EndsWith(Descending, StringComparison.Ordinal) ? new SortColumn(text[..^Descending.Length], true)
        : new SortColumn(text, null);

    /// <inheritdoc/>
    public override string ToString() => Name + IsDescending switch { true => Descending, false => Ascending, _ => "" };
}
