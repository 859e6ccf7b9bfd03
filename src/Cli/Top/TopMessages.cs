using FlowMeter.Cli.Shell;

namespace FlowMeter.Cli.Top;

/// <summary>What a run says while the screen is taken: the newest line is shown, all are told when the screen is given back.</summary>
internal sealed class TopMessages
{
    private const int Max = 1000;

    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private bool _hasLeft;

    /// <summary>The newest line; empty: none yet.</summary>
    public string Newest
    {
        get
        {
            lock (_lock)
            {
                return _lines.Count == 0 ? "" : _lines[^1];
            }
        }
    }

    /// <summary>Takes a line; from any thread.</summary>
    public void Add(string line)
    {
        lock (_lock)
        {
            if (_hasLeft)
            {
                Notes.Tell(line);
            }
            else if (_lines.Count < Max)
            {
                _lines.Add(line);
            }
        }
    }

    /// <summary>The screen is given back: tells all lines, and those that come from now on at once.</summary>
    public void Leave()
    {
        Terminal.Error.Start();
        lock (_lock)
        {
            _hasLeft = true;
            _lines.ForEach(Notes.Tell);
        }
    }
}
