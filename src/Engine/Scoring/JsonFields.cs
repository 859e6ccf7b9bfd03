using System.Collections.Immutable;
using System.Text.Json;

namespace FlowMeter.Engine.Scoring;

/// <summary>
/// The properties of one JSON object and where it stands in its file, so that whatever is missing, unknown or of the wrong kind is reported
/// with the path to it.
/// </summary>
internal sealed class JsonFields
{
    private readonly string _file;
    private readonly string _path;
    private readonly Dictionary<string, JsonElement> _fields = [];

    /// <summary>Takes an object apart.</summary>
    /// <param name="element">The value, which must be an object without a property twice.</param>
    /// <param name="file">The file, for messages.</param>
    /// <param name="path">Where the value stands; empty for the whole document.</param>
    public JsonFields(JsonElement element, string file, string path)
    {
        _file = file;
        _path = path;
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new ModelException(file, path, $"{Kind(element)}, expected an object");
        }

        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (!_fields.TryAdd(property.Name, property.Value))
            {
                throw Wrong(property.Name, "there twice, expected once");
            }
        }
    }

    /// <summary>Refuses every property that is not among <paramref name="known"/>.</summary>
    public void AllowOnly(params ReadOnlySpan<string> known)
    {
        foreach (string name in _fields.Keys)
        {
            if (!known.Contains(name))
            {
                throw Wrong(name, $"unknown property, expected one of {string.Join(", ", known)}");
            }
        }
    }

    /// <summary>The exception that says what is wrong with a property.</summary>
    public ModelException Wrong(string name, string problem) => new(_file, PathOf(name), problem);

    /// <summary>A property's value; null where it is missing.</summary>
    public JsonElement? Optional(string name) => _fields.TryGetValue(name, out JsonElement value) ? value : null;

    /// <summary>A string.</summary>
    public string Text(string name)
    {
        JsonElement value = Required(name, "a string");
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(name, $"{Kind(value)}, expected a string");
    }

    /// <summary>A number.</summary>
    public double Number(string name) => Number(Required(name, "a number"), PathOf(name));

    /// <summary>A 32-bit whole number; null where it is missing.</summary>
    public int? Whole(string name)
    {
        if (Optional(name) is not JsonElement value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number)
            ? number
            : throw Wrong(name, $"{Kind(value)}, expected a whole number");
    }

    /// <summary>true or false; null where it is missing.</summary>
    public bool? Truth(string name) => Optional(name) is not JsonElement value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Wrong(name, $"{Kind(value)}, expected true or false");

    /// <summary>An object; null where it is missing.</summary>
    public JsonFields? Object(string name) =>
        Optional(name) is JsonElement value ? new JsonFields(value, _file, PathOf(name)) : null;

    /// <summary>An array of numbers.</summary>
    public ImmutableArray<double> Numbers(string name) =>
        [.. Items(name, "an array of numbers").Select((item, i) => Number(item, $"{PathOf(name)}[{i}]"))];

    /// <summary>An array of 32-bit whole numbers.</summary>
    public ImmutableArray<int> Wholes(string name) =>
        [.. Items(name, "an array of whole numbers").Select((item, i) =>
            item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int number)
                ? number
                : throw new ModelException(_file, $"{PathOf(name)}[{i}]", $"{Kind(item)}, expected a whole number"))];

    /// <summary>An array of strings.</summary>
    public ImmutableArray<string> Texts(string name) =>
        [.. Items(name, "an array of strings").Select((item, i) => item.ValueKind == JsonValueKind.String
            ? item.GetString()!
            : throw new ModelException(_file, $"{PathOf(name)}[{i}]", $"{Kind(item)}, expected a string"))];

    /// <summary>An array of objects.</summary>
    public IEnumerable<JsonFields> Objects(string name) =>
        Items(name, "an array of objects").Select((item, i) => new JsonFields(item, _file, $"{PathOf(name)}[{i}]"));

    private JsonElement.ArrayEnumerator Items(string name, string expected)
    {
        JsonElement value = Required(name, expected);
        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Wrong(name, $"{Kind(value)}, expected {expected}");
    }

    private JsonElement Required(string name, string expected) => Optional(name) ?? throw Wrong(name, $"missing, expected {expected}");

    private double Number(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number)
            ? number
            : throw new ModelException(_file, path, $"{Kind(value)}, expected a number");

    private string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => value.GetRawText(),
    };
}
