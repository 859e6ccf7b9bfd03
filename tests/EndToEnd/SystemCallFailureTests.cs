using System.Globalization;
using System.Text.RegularExpressions;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>
/// Every system call of a short run fails once, from the first one that has to do with the run's own files on. Whatever fails, the run ends
/// in order: a line that says what, no torn row, and under a final name either the whole file or none.
/// </summary>
[Trait("Category", "EndToEnd")]
public sealed partial class SystemCallFailureTests : IDisposable
{
    private static readonly string[] s_calls =
    [
        "openat", "newfstatat", "fstat", "stat", "lstat", "statx", "readlink", "flock", "read", "pread64", "write", "pwrite64", "lseek",
        "fsync", "ftruncate", "fadvise64", "statfs", "rename", "unlink", "close", "getdents64", "mmap", "mprotect", "clone3",
    ];

    private static readonly string[] s_errors = ["ENOSPC", "EIO", "EINTR", "EACCES", "EMFILE", "ENOMEM"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryTheory(Need.Strace)]
    [InlineData("read")]
    [InlineData("score")]
    [InlineData("report")]
    public void A_run_ends_in_order_whatever_call_fails(string command)
    {
        string table = _folder["table.csv"];
        FlowMeterBinary.Run("read", Samples.Office, "-q", "-o", table).Succeeded();
        string[] arguments = command switch
        {
            "read" => ["read", Samples.Office, "-q", "-o", "out.csv", "--summary", "s.json", "--hosts", "h.csv"],
            "score" => ["score", table, "--model", "builtin", "-q", "-o", "out.csv"],
            _ => ["report", table, "-o", "out.html"],
        };
        string whole = Path.Combine(_folder.Path, "whole");
        Run(whole, arguments, "-o", _folder["trace"]).Succeeded();
        Dictionary<string, string[]> expected = Rows(whole);
        List<string> wrong = [];
        int runs = 0;
        foreach ((string call, int number) in Calls(File.ReadLines(_folder["trace"]), whole))
        {
            string error = s_errors[runs++ % s_errors.Length];
            string folder = Path.Combine(_folder.Path, runs.ToString(CultureInfo.InvariantCulture));
            Finished run = Run(
                folder, arguments, "-o", "/dev/null", "-e", $"trace={call}", "-e", $"inject={call}:error={error}:when={number}");
            wrong.AddRange(Faults(run, Rows(folder), expected).Select(fault => $"{call} {number} {error}: {fault}"));
            Directory.Delete(folder, recursive: true);
        }

        Assert.True(runs > 100, $"only {runs} calls failed");
        Assert.Empty(wrong);
    }

    /// <summary>Of each call the numbers, counted in each thread by itself, that come after the start of the program.</summary>
    private static IEnumerable<(string Call, int Number)> Calls(IEnumerable<string> trace, string folder)
    {
        Dictionary<(string Thread, string Call), int> counts = [];
        Dictionary<string, int>? atStart = null;
        foreach (string line in trace)
        {
            Match match = CallOf().Match(line);
            if (match.Success)
            {
                if (atStart == null && line.Contains(folder, StringComparison.Ordinal)
                    && !line.Contains("execve", StringComparison.Ordinal))
                {
                    atStart = counts.GroupBy(count => count.Key.Call).ToDictionary(
                        group => group.Key, group => group.Max(one => one.Value));
                }

                (string, string) key = (match.Groups[1].Value, match.Groups[2].Value);
                counts[key] = counts.GetValueOrDefault(key) + 1;
            }
        }

        foreach (string call in s_calls)
        {
            int last = counts.Where(count => count.Key.Call == call).Select(count => count.Value).DefaultIfEmpty().Max();
            for (int number = atStart!.GetValueOrDefault(call) + 1; number <= last; number++)
            {
                yield return (call, number);
            }
        }
    }

    private static IEnumerable<string> Faults(Finished run, Dictionary<string, string[]> files, Dictionary<string, string[]> expected)
    {
        if (run.ExitCode is not (0 or 1))
        {
            yield return $"exit code {run.ExitCode}: {run.Errors}";
        }
        else if (run.Errors.Contains("   at ", StringComparison.Ordinal) || (run.ExitCode == 1 && run.Errors.Length == 0))
        {
            yield return $"said '{run.Errors}'";
        }

        foreach ((string name, string[] rows) in files)
        {
            bool isWhole = name.EndsWith(".json", StringComparison.Ordinal)
                ? rows is [.., "}", ""]
                : !expected.TryGetValue(name, out string[]? all) ? rows[^1].Length == 0 : rows.SequenceEqual(all);
            if (!isWhole && !name.EndsWith(".html.partial", StringComparison.Ordinal)
                && !name.EndsWith(".json.partial", StringComparison.Ordinal))
            {
                yield return $"{name} is torn or another";
            }
        }

        if (run.ExitCode == 0 && expected.Keys.Except(files.Keys).FirstOrDefault() is { } missing)
        {
            yield return $"{missing} is missing";
        }
    }

    /// <summary>The lines of each file of a folder, in order: rows may come in any.</summary>
    private static Dictionary<string, string[]> Rows(string folder) => Directory.GetFiles(folder).ToDictionary(
        file => Path.GetFileName(file),
        file => File.ReadAllText(file).Split('\n') is var rows && file.Contains(".csv", StringComparison.Ordinal)
            ? [.. rows[..^1].Order(StringComparer.Ordinal), rows[^1]]
            : rows);

    private static Finished Run(string folder, string[] arguments, params string[] tracing)
    {
        Directory.CreateDirectory(folder);
        string[] own =
        [
            .. arguments.Select(argument => argument is "out.csv" or "out.html" or "s.json" or "h.csv" ? Path.Combine(folder, argument)
                : argument),
        ];
        return Launched.Start("strace", ["-f", "-qq", .. tracing, FlowMeterBinary.Path!, .. own]).Finish();
    }

    [GeneratedRegex(@"^(\d+) +(\w+)\(")]
    private static partial Regex CallOf();
}
