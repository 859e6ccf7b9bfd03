using System.Text;
using FlowMeter.Engine.Output;

namespace FlowMeter.Tests.Cli.Shell;

/// <summary>A stream that takes text, refuses it or stalls, as told.</summary>
internal sealed class StubbornStream : WriteOnlyStream
{
    private readonly StringBuilder _text = new();
    private readonly ManualResetEventSlim _isOpen = new(initialState: true);
    private volatile Exception? _failure;

    /// <summary>What was written.</summary>
    public string Text
    {
        get
        {
            lock (_text)
            {
                return _text.ToString();
            }
        }
    }

    /// <summary>Whether a write waits.</summary>
    public bool IsStalled { get; private set; }

    /// <summary>From now on every write throws this, or none does.</summary>
    public void Refuse(Exception? failure) => _failure = failure;

    /// <summary>From now on a write takes until <see cref="Release"/>.</summary>
    public void Stall() => _isOpen.Reset();

    public void Release() => _isOpen.Set();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        string text = Encoding.UTF8.GetString(buffer);
        IsStalled = !_isOpen.IsSet;
        _isOpen.Wait();
        if (_failure is { } failure)
        {
            throw failure;
        }

        lock (_text)
        {
            _text.Append(text);
        }
    }

    protected override void Dispose(bool disposing)
    {
        _isOpen.Dispose();
        base.Dispose(disposing);
    }
}
