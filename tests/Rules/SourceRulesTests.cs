using System.Text.RegularExpressions;

namespace FlowMeter.Tests.Rules;

/// <summary>The rules of the house that a compiler does not know. Each names its offenders.</summary>
public sealed partial class SourceRulesTests
{
    private const int LongestFile = 320;

    /// <summary>Where pointers are at home: native calls, columns, and the loops that run over them.</summary>
    private static readonly string[] s_homesOfUnsafe =
    [
        "src/Native/", "src/Engine/Numerics/", "src/Engine/Text/", "src/Engine/Memory/", "src/Engine/Capture/", "src/Engine/Decode/", "src/Engine/Flow/",
        "src/Engine/Features/", "src/Engine/Scoring/", "src/Engine/Export/", "src/Engine/Synthetic/", "src/Engine/Packets/",

        // libpcap calls back here.
        "src/Engine/Metering/LiveFeed.cs",

        // Vector loops over rows, and columns of features as the meter has them; all else of Learning is safe code.
        "src/Learning/Training/RowKernel.cs", "src/Learning/Data/FeatureSink.cs",
    ];

    [Fact]
    public void AFileIsReadInOneSitting() =>
        AssertNone(path => SourceTree.Read(path).Split('\n').Length > LongestFile, $"more than {LongestFile} lines: one file, one purpose");

    [Fact]
    public void AFileIsNamedForATypeInIt() =>
        AssertNone(
            path => Path.GetFileName(path) != "AssemblyAttributes.cs"
                && !Types().Matches(SourceTree.ReadCode(path)).Any(type => type.Groups[1].Value == Path.GetFileName(path).Split('.')[0]),
            "no type of the file's name: look for the type and find it");

    [Fact]
    public void NamesSayWhatAThingIs() =>
        AssertNone(
            path => Types().Matches(SourceTree.ReadCode(path)).Select(type => type.Groups[1].Value).Append(Path.GetFileNameWithoutExtension(path))
                .Any(name => Vague().IsMatch(name)),
            "a Helper, Manager or Utils: say the noun that it is");

    [Fact]
    public void PointersStayAtHome() =>
        AssertNone(
            path => Unsafe().IsMatch(SourceTree.ReadCode(path)) && !s_homesOfUnsafe.Any(home => path.StartsWith(home, StringComparison.Ordinal)),
            $"unsafe code outside {string.Join(' ', s_homesOfUnsafe)}");

    [Fact]
    public void FilesAreWrittenInOneRoom() =>
        AssertNone(
            path => !path.StartsWith("src/Engine/Output/", StringComparison.Ordinal) && WritesFiles().IsMatch(SourceTree.ReadCode(path)),
            "a file layer of its own: half a file under its name, none on the disk; use OutputFile or ResilientOutput of src/Engine/Output/");

    [Fact]
    public void TheTerminalIsLeftAsItIs() =>
        AssertNone(
            path => Keypad().IsMatch(SourceTree.ReadCode(path)),
            "Console's own writers, reader, keys, size and Ctrl-C event switch a terminal's modes: write to Terminal.Out and Terminal.Error");

    [Fact]
    public void WhatNeedsTheBinaryRunsWhereItIs()
    {
        string[] offenders = [.. SourceTree.Files("tests", "Tests.cs").Where(path => Binary().IsMatch(SourceTree.Read(path)) && !SourceTree.Read(path).Contains("[Trait(\"Category\", \"EndToEnd\")]", StringComparison.Ordinal))];
        Assert.True(offenders.Length == 0, $"skipped for ever: the trait Category=EndToEnd is missing\n{string.Join('\n', offenders)}");
    }

    private static void AssertNone(Func<string, bool> offends, string rule)
    {
        string[] files = [.. SourceTree.Files("src", ".cs")];
        Assert.True(files.Length > 100, "the source tree was found");
        string[] offenders = [.. files.Where(offends)];
        Assert.True(offenders.Length == 0, $"{rule}\n{string.Join('\n', offenders)}");
    }

    [GeneratedRegex(@"\bConsole\.(?!OpenStandard|IsErrorRedirected|IsInputRedirected|IsOutputRedirected)\w")]
    private static partial Regex Keypad();

    [GeneratedRegex(@"^ *\[Binary(?:Fact|Theory)", RegexOptions.Multiline)]
    private static partial Regex Binary();

    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record(?: struct)?|delegate \w+) (\w+)")]
    private static partial Regex Types();

    [GeneratedRegex("Helper|Manager|Util")]
    private static partial Regex Vague();

    // "unsafe-inline" is a word of the reports' content security policy.
    [GeneratedRegex(@"\bunsafe\b(?!-inline)")]
    private static partial Regex Unsafe();

    [GeneratedRegex(@"\bFileAccess\.(?:Read)?Write\b|\bFile\.(?:Create|Write|Append|OpenWrite|Move|Copy|Replace)|\bFileMode\.(?!Open\b)")]
    private static partial Regex WritesFiles();
}
