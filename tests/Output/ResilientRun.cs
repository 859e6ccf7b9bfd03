using System.Diagnostics;
using System.Text;
using FlowMeter.Engine.Output;
using FlowMeter.Tests.EndToEnd;

namespace FlowMeter.Tests.Output;

/// <summary>An output that lasts in a folder of its own, with a clock that is set by hand and the lines that it told.</summary>
internal sealed class ResilientRun : IDisposable
{
    public const string Header = "a,b\n";

    private readonly List<string> _told = [];

    private readonly RowFraming? _framing;

    public ResilientRun(string time = "2026-01-02T03:04:17", RowFraming? framing = null) =>
        (Clock, _framing) = (new SetClock(time), framing);

    public TemporaryFolder Folder { get; } = new();

    public SetClock Clock { get; }

    public ResilientOutput Output { get; private set; } = null!;

    public string[] Told
    {
        get
        {
            lock (_told)
            {
                return [.. _told];
            }
        }
    }

    public ResilientRun Open(string name, params string[] rotation)
    {
        OpenOnly(name, rotation);
        Begin();
        return this;
    }

    /// <summary>Opens it and leaves the header to <see cref="Begin"/>.</summary>
    public ResilientOutput OpenOnly(string name, params string[] rotation)
    {
        Output = ResilientOutput.Open(Folder[name], Rotation.Parse(rotation), Clock, line =>
        {
            lock (_told)
            {
                _told.Add(line);
            }
        }, _framing);
        return Output;
    }

    public void Begin() => Output.Begin(Encoding.UTF8.GetBytes(Header));

    public void Write(string rows) => Output.Write(Encoding.UTF8.GetBytes(rows));

    public void WriteAt(string time, string rows)
    {
        Clock.Set(time);
        Write(rows);
    }

    /// <summary>Completes the output and returns every file of the folder, header and rows in one line.</summary>
    public string[] Complete()
    {
        Output.Complete();
        Output.Dispose();
        return [.. Folder.Names().Select(name => $"{name}: {Text(name)}")];
    }

    public string Text(string name) => File.ReadAllText(Folder[name]).Replace("\n", " ", StringComparison.Ordinal).TrimEnd();

    public static void Await(Func<bool> condition, string what)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), $"a minute passed before {what}");
            Thread.Sleep(5);
        }
    }

    public void Dispose()
    {
        Output?.Dispose();
        Folder.Dispose();
    }
}
