using FlowMeter.Tests.Oracle;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>What a process said and how it ended.</summary>
internal sealed record Finished(int ExitCode, string Output, string Errors)
{
    /// <summary>The table on standard output, from a run that must have succeeded.</summary>
    public CsvTable Table()
    {
        Succeeded();
        return CsvTable.Parse(Output);
    }

    /// <summary>Ended with 0.</summary>
    public Finished Succeeded() => EndedWith(0);

    /// <summary>Ended with this exit code and no stack trace.</summary>
    public Finished EndedWith(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, not {exitCode}; stderr: {Errors}");
        Assert.DoesNotContain("   at ", Errors, StringComparison.Ordinal);
        return this;
    }

    /// <summary>The only line on stderr.</summary>
    public string OnlyLine()
    {
        string[] lines = Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length == 1, $"not one line on stderr but {lines.Length}: {Errors}");
        return lines[0];
    }
}
