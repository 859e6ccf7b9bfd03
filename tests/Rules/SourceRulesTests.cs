using System.Globalization;
using System.Text.RegularExpressions;

namespace FlowMeter.Tests.Rules;

/// <summary>The rules of the house that a compiler does not know. Each names its offenders.</summary>
public sealed partial class SourceRulesTests
{
    private const int LongestFile = 300;
    private const int LongestLine = 140;

    /// <summary>Where pointers are at home: native calls, columns, and the loops that run over them.</summary>
    private static readonly string[] s_homesOfUnsafe =
    [
        "src/Native/", "src/Engine/Numerics/", "src/Engine/Text/", "src/Engine/Memory/", "src/Engine/Capture/", "src/Engine/Decode/",
        "src/Engine/Hosts/", "src/Engine/Names/", "src/Engine/Flow/", "src/Engine/Features/", "src/Engine/Scoring/", "src/Engine/Export/",
        "src/Engine/Synthetic/",
        "src/Engine/Packets/", "src/Engine/HostVerdicts/", "src/Engine/Watch/", "src/Library/",

        // libpcap calls back here.
        "src/Engine/Metering/LiveFeed.cs",

        // Vector loops over rows, and columns of features as the meter has them; all else of Learning is safe code.
        "src/Learning/Training/RowKernel.cs", "src/Learning/Data/FeatureSink.cs",
    ];

    [Fact]
    public void A_line_has_at_most_140_columns()
    {
        string[] offenders = [.. AllFiles().SelectMany(path => LongLines(SourceTree.Read(path)).Select(line => $"{path}:{line}"))];
        Assert.True(
            offenders.Length == 0,
            $"more than {LongestLine} columns: break it where its structure has a seam\n{string.Join('\n', offenders)}");
    }

    [Theory]
    [InlineData("short\n", "")]
    [InlineData("{0}\n", "1")]
    [InlineData("x = \"\"\"\n{0}\n  \"\"\";\n{0}", "4")]
    [InlineData("x = \"\"\"a\"\"\";\n{0}\n", "2")]
    [InlineData("Of($\"\"\"\n{0}{{a(\"\"\"\n{0}\n \"\"\")}}\n{0}\n \"\"\");\n{0}", "7")]
    public void Only_text_between_raw_quotes_may_be_longer(string text, string lines) =>
        Assert.Equal(
            lines, string.Join(' ', LongLines(string.Format(CultureInfo.InvariantCulture, text, new string('x', LongestLine + 1)))));

    [Fact]
    public void A_file_is_read_in_one_sitting()
    {
        string[] offenders = [.. AllFiles().Where(path => File.ReadLines(Path.Combine(SourceTree.Root!, path)).Count() > LongestFile)];
        Assert.True(offenders.Length == 0, $"more than {LongestFile} lines: one file, one purpose\n{string.Join('\n', offenders)}");
    }

    [Fact]
    public void A_file_has_one_type_and_its_name()
    {
        string[] offenders = [.. AllFiles()
            .Where(path => Path.GetFileName(path) != "AssemblyAttributes.cs")
            .Select(path => (Path: path, Types: TopLevelTypes(path)))
            .Where(file => file.Types.Length != 1 || file.Types[0] != Path.GetFileName(file.Path).Split('.')[0])
            .Select(file => $"{file.Path}: {string.Join(", ", file.Types)}")];
        Assert.True(offenders.Length == 0, $"one type, one file, named for it\n{string.Join('\n', offenders)}");
    }

    [Fact]
    public void Names_say_what_a_thing_is() =>
        AssertNone(
            path => Types().Matches(SourceTree.ReadCode(path)).Select(type => type.Groups[1].Value).Append(
                Path.GetFileNameWithoutExtension(path))
                .Any(name => Vague().IsMatch(name)),
            "a Helper, Manager, Utils, Common or Info: say the noun that it is");

    [Fact]
    public void Pointers_stay_at_home() =>
        AssertNone(
            path => Unsafe().IsMatch(SourceTree.ReadCode(path)) && !s_homesOfUnsafe.Any(home => path.StartsWith(
                home, StringComparison.Ordinal)),
            $"unsafe code outside {string.Join(' ', s_homesOfUnsafe)}");

    [Fact]
    public void Files_are_written_in_one_room() =>
        AssertNone(
            path => !path.StartsWith("src/Engine/Output/", StringComparison.Ordinal) && WritesFiles().IsMatch(SourceTree.ReadCode(path)),
            "a file layer of its own: half a file under its name, none on the disk; use OutputFile or ResilientOutput of "
                + "src/Engine/Output/");

    [Fact]
    public void The_terminal_is_left_as_it_is() =>
        AssertNone(
            path => Keypad().IsMatch(SourceTree.ReadCode(path)),
            "Console's own writers, reader, keys, size and Ctrl-C event switch a terminal's modes: write to Terminal.Out and "
                + "Terminal.Error");

    [Fact]
    public void One_writer_has_standard_error() =>
        AssertNone(
            path => path != "src/Cli/Shell/Terminal.cs" && StandardError().IsMatch(SourceTree.ReadCode(path)),
            "a way to standard error of its own: one that fails ends the process, one that stalls stops it; write to Terminal.Error");

    [Theory]
    [InlineData("using Stream errors = Console.OpenStandardError();")]
    [InlineData("new StandardErrorStream()")]
    [InlineData("new LogWriter(stream)")]
    [InlineData("Environment.FailFast(\"no\");")]
    [InlineData("Debug.WriteLine(1);")]
    [InlineData("Descriptors.Write(2, bytes);")]
    public void Every_way_to_standard_error_is_known(string code) => Assert.Matches(StandardError(), code);

    [Fact]
    public void What_needs_the_binary_runs_where_it_is()
    {
        string[] offenders = [.. SourceTree.Files("tests", "Tests.cs").Where(path => Binary().IsMatch(SourceTree.Read(path))
            && !SourceTree.Read(path).Contains("[Trait(\"Category\", \"EndToEnd\")]", StringComparison.Ordinal))];
        Assert.True(offenders.Length == 0, $"skipped for ever: the trait Category=EndToEnd is missing\n{string.Join('\n', offenders)}");
    }

    private static IEnumerable<string> AllFiles() =>
        new[] { "src", "tests", "bench" }.SelectMany(folder => SourceTree.Files(folder, ".cs"));

    /// <summary>Types that are no part of another one: namespaces are of the file, so they begin in the first column.</summary>
    private static string[] TopLevelTypes(string path) =>
        [.. OuterTypes().Matches(SourceTree.ReadCode(path)).Select(type => type.Groups[1].Value).Distinct()];

    /// <summary>
    /// Numbers of the lines that are too long. The line breaks of a raw string literal are part of its text, so its lines may be.
    /// </summary>
    private static List<int> LongLines(string text)
    {
        List<int> numbers = [];
        int number = 0, raw = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            int quotes = RawQuotes().Count(line);
            if (raw > 0 && line.AsSpan().TrimStart().StartsWith("\"\"\"", StringComparison.Ordinal))
            {
                raw--;
                quotes--;
            }

            if (raw == 0 && line.Length > LongestLine)
            {
                numbers.Add(number);
            }

            raw += quotes % 2 == 1 && line.AsSpan().TrimEnd().EndsWith("\"\"\"", StringComparison.Ordinal) ? 1 : 0;
        }

        return numbers;
    }

    private static void AssertNone(Func<string, bool> offends, string rule)
    {
        string[] files = [.. SourceTree.Files("src", ".cs")];
        Assert.True(files.Length > 100, "the source tree was found");
        string[] offenders = [.. files.Where(offends)];
        Assert.True(offenders.Length == 0, $"{rule}\n{string.Join('\n', offenders)}");
    }

    [GeneratedRegex(
        @"^(?:(?:public|internal|file|sealed|static|abstract|readonly|ref|unsafe|partial) )*(?:class|struct|interface|enum|record(?: "
            + @"struct| class)?|delegate [^(;]+?) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex OuterTypes();

    [GeneratedRegex("\"{3,}")]
    private static partial Regex RawQuotes();

    [GeneratedRegex(@"\bConsole\.(?!OpenStandard|IsErrorRedirected|IsInputRedirected|IsOutputRedirected)\w")]
    private static partial Regex Keypad();

    [GeneratedRegex(
        @"OpenStandardError|Console\.Error|new StandardErrorStream|new LogWriter|\bFailFast\b|\b(?:Debug|Trace)\.(?!Assert|Fail)\w"
            + @"|Descriptors\.Write\(2\b")]
    private static partial Regex StandardError();

    [GeneratedRegex(@"^ *\[Binary(?:Fact|Theory)", RegexOptions.Multiline)]
    private static partial Regex Binary();

    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record(?: struct)?|delegate \w+) (\w+)")]
    private static partial Regex Types();

    [GeneratedRegex("Helper|Manager|Util|Common|Info(?!rm)")]
    private static partial Regex Vague();

    // "unsafe-inline" is a word of the reports' content security policy.
    [GeneratedRegex(@"\bunsafe\b(?!-inline)")]
    private static partial Regex Unsafe();

    [GeneratedRegex(@"\bFileAccess\.(?:Read)?Write\b|\bFile\.(?:Create|Write|Append|OpenWrite|Move|Copy|Replace)|\bFileMode\.(?!Open\b)")]
    private static partial Regex WritesFiles();
}
