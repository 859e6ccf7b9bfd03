using System.Globalization;
using System.Text;

namespace FlowMeter.Engine.Output;

/// <summary>
/// A path whose file name may hold conversions of strftime(3), such as <c>flows-%Y%m%dT%H%M%S.csv</c>. They give the time in UTC and in
/// English, whatever the machine's zone and language: a sensor's files must sort and mean the same everywhere.
/// </summary>
internal sealed class FileNamePattern
{
    private static readonly Dictionary<char, string> s_conversions = new()
    {
        ['Y'] = "yyyy", ['y'] = "yy", ['m'] = "MM", ['d'] = "dd", ['H'] = "HH", ['I'] = "hh", ['M'] = "mm", ['S'] = "ss", ['p'] = "tt",
        ['b'] = "MMM", ['h'] = "MMM", ['B'] = "MMMM", ['a'] = "ddd", ['A'] = "dddd",
        ['F'] = "yyyy-MM-dd", ['T'] = "HH:mm:ss", ['R'] = "HH:mm",
    };

    // Literal text and letters of conversions in turn, beginning and ending with text.
    private readonly List<string> _pieces = [];

    /// <summary>Reads a path.</summary>
    /// <exception cref="FormatException">A conversion is unknown, or is in the folder's name; the message is one line that begins with the
    /// path.</exception>
    public FileNamePattern(string path)
    {
        string name = Path.GetFileName(path);
        Folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        if (path[..^name.Length].Contains('%'))
        {
            throw new FormatException($"{path}: the folder's name has a percent sign; conversions can stand in the file's name only.");
        }

        StringBuilder literal = new();
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] != '%')
            {
                literal.Append(name[i]);
                continue;
            }

            char letter = ++i < name.Length ? name[i] : '\0';
            if (letter == '%')
            {
                literal.Append('%');
            }
            else if (s_conversions.ContainsKey(letter) || letter is 'j' or 's' or 'u' or 'w' or 'G' or 'V' or 'z' or 'Z')
            {
                _pieces.Add(literal.ToString());
                _pieces.Add(letter.ToString());
                literal.Clear();
            }
            else
            {
                string conversion = letter == '\0' ? "%" : $"%{letter}";
                throw new FormatException(
                    $"{path}: {conversion} is not a conversion that file names can have; "
                    + "use %Y %m %d %H %M %S and their like, and %% for a percent sign.");
            }
        }

        _pieces.Add(literal.ToString());
    }

    /// <summary>Whether a path has conversions, valid or not, in its file name.</summary>
    public static bool HasTime(string path) => Path.GetFileName(path).Replace("%%", "", StringComparison.Ordinal).Contains('%');

    /// <summary>The folder of all files, from the root.</summary>
    public string Folder { get; }

    /// <summary>The path of the file that is opened at a time.</summary>
    public string PathOf(DateTimeOffset time) =>
        Path.Join(Folder, string.Concat(_pieces.Select((piece, i) => IsConversion(i) ? Convert(piece[0], time.UtcDateTime) : piece)));

    /// <summary>
    /// The path with a number before its extension, for the second file of a name and those after it; number 0 is the path itself.
    /// </summary>
    public static string Numbered(string path, int number)
    {
        string extension = Path.GetExtension(path);
        return number == 0 ? path : string.Create(CultureInfo.InvariantCulture, $"{path[..^extension.Length]}-{number}{extension}");
    }

    /// <summary>Whether a file may have got its name from this pattern, numbered or not.</summary>
    public bool Matches(string name) =>
        MatchesWhole(name) || MatchesNumbered(name, Path.GetExtension(name)) || MatchesNumbered(name, "");

    private static bool IsConversion(int piece) => piece % 2 != 0;

    private static bool IsOfTime(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or ':' or '+';

    private static string Convert(char letter, DateTime time) => letter switch
    {
        'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
        's' => new DateTimeOffset(time).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        'u' => (((int)time.DayOfWeek + 6) % 7 + 1).ToString(CultureInfo.InvariantCulture),
        'w' => ((int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        'G' => ISOWeek.GetYear(time).ToString("0000", CultureInfo.InvariantCulture),
        'V' => ISOWeek.GetWeekOfYear(time).ToString("00", CultureInfo.InvariantCulture),
        'z' => "+0000",
        'Z' => "UTC",
        _ => time.ToString(s_conversions[letter], CultureInfo.InvariantCulture),
    };

    /// <summary>
    /// Goes through the pieces once with all places of the name that they can end at: whoever plants a name must not make this slow.
    /// </summary>
    private bool MatchesWhole(string name)
    {
        bool[] ends = new bool[name.Length + 1];
        ends[0] = true;
        for (int piece = 0; piece < _pieces.Count; piece++)
        {
            ends = IsConversion(piece) ? AfterConversion(name, ends) : AfterText(name, _pieces[piece], ends);
        }

        return ends[^1];
    }

    /// <summary>
    /// The same without a number. A name that ends in a period has no extension, so that its number stands behind the period, where an
    /// extension would be.
    /// </summary>
    private bool MatchesNumbered(string name, string extension)
    {
        string stem = name[..^extension.Length];
        string unnumbered = stem.TrimEnd([.. "0123456789"]);
        if (unnumbered.Length == stem.Length || !unnumbered.EndsWith('-'))
        {
            return false;
        }

        string whole = unnumbered[..^1] + extension;
        return Path.GetExtension(whole) == extension && MatchesWhole(whole);
    }

    private static bool[] AfterText(string name, string text, bool[] starts)
    {
        bool[] ends = new bool[starts.Length];
        for (int start = 0; start + text.Length < starts.Length; start++)
        {
            ends[start + text.Length] = starts[start] && string.CompareOrdinal(name, start, text, 0, text.Length) == 0;
        }

        return ends;
    }

    /// <summary>A conversion is one character that times have, or more.</summary>
    private static bool[] AfterConversion(string name, bool[] starts)
    {
        bool[] ends = new bool[starts.Length];
        for (int end = 1; end < ends.Length; end++)
        {
            ends[end] = IsOfTime(name[end - 1]) && (starts[end - 1] || ends[end - 1]);
        }

        return ends;
    }
}
