using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>A running process whose output is collected. One that takes longer than two minutes is killed and fails its test.</summary>
internal sealed class Launched
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly StringBuilder _outputSoFar = new();
    private readonly StringBuilder _errorsSoFar = new();
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    static Launched() => InheritedSignals.Restore();

    private Launched(Process process)
    {
        _process = process;
        _output = CollectAsync(process.StandardOutput, _outputSoFar);
        _errors = CollectAsync(process.StandardError, _errorsSoFar);
    }

    /// <summary>Standard input; <see cref="Finish"/> closes it.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>What standard output has brought by now.</summary>
    public string OutputSoFar => TextOf(_outputSoFar);

    /// <summary>What standard error has brought by now.</summary>
    public string ErrorsSoFar => TextOf(_errorsSoFar);

    public bool IsRunning => !_process.HasExited;

    public int Id => _process.Id;

    public static Launched Start(string command, params string[] arguments)
    {
        ProcessStartInfo start =
            new(command, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        return new Launched(Process.Start(start)!);
    }

    /// <summary>Sends a signal, named as kill(1) names it.</summary>
    public void Signal(string name) => Start("kill", "-" + name, _process.Id.ToString(CultureInfo.InvariantCulture)).Finish().Succeeded();

    /// <summary>Whether SIGINT no longer kills the process, by Linux's word; elsewhere a second must do.</summary>
    public bool CatchesInterrupt()
    {
        if (!OperatingSystem.IsLinux())
        {
            Thread.Sleep(1000);
            return true;
        }

        string caught = File.ReadLines($"/proc/{_process.Id.ToString(CultureInfo.InvariantCulture)}/status").First(
            line => line.StartsWith("SigCgt:", StringComparison.Ordinal));
        return (ulong.Parse(caught.AsSpan("SigCgt:".Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 2) != 0;
    }

    /// <summary>Waits until something holds while the process runs.</summary>
    public void Await(Func<bool> condition, string what)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(IsRunning && clock.Elapsed < s_limit, $"ended, or two minutes passed, before {what}");
            Thread.Sleep(5);
        }
    }

    /// <summary>Closes standard input and waits for the end.</summary>
    public Finished Finish()
    {
        try
        {
            Input.Close();
        }
        catch (IOException)
        {
            // It ended without reading everything.
        }

        return AwaitEnd();
    }

    /// <summary>Waits for the end while standard input stays open.</summary>
    public Finished AwaitEnd()
    {
        if (!_process.WaitForExit(s_limit))
        {
            _process.Kill(entireProcessTree: true);
            Assert.Fail(
                $"still running after {s_limit}: {_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)}");
        }

        Finished finished = new(_process.ExitCode, _output.Result, _errors.Result);
        _process.Dispose();
        return finished;
    }

    private static string TextOf(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    private static async Task<string> CollectAsync(StreamReader reader, StringBuilder soFar)
    {
        char[] piece = new char[16 << 10];
        for (int count; (count = await reader.ReadAsync(piece).ConfigureAwait(false)) > 0;)
        {
            lock (soFar)
            {
                soFar.Append(piece, 0, count);
            }
        }

        return TextOf(soFar);
    }
}
