using System.Runtime.ExceptionServices;

namespace FlowMeter.Cli.Capture;

/// <summary>
/// The thread that captures. It is started while the process still may, keeps that right and passes it to the threads it starts; all others
/// give it up before they start any of their own.
/// </summary>
internal sealed class CapturingThread : IDisposable
{
    private readonly SemaphoreSlim _isToGo = new(0, 1);
    private readonly Thread _thread;
    private Action? _action;
    private ExceptionDispatchInfo? _failure;

    public CapturingThread()
    {
        _thread = new Thread(Work) { Name = "capture", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Runs an action, once, and waits for its end; throws what it throws.</summary>
    public void Run(Action action)
    {
        _action = action;
        Go();
        _failure?.Throw();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_thread.IsAlive)
        {
            Go();
        }

        _isToGo.Dispose();
    }

    private void Go()
    {
        _isToGo.Release();
        _thread.Join();
    }

    private void Work()
    {
        _isToGo.Wait();
        try
        {
            _action?.Invoke();
        }
        catch (Exception e)
        {
            _failure = ExceptionDispatchInfo.Capture(e);
        }
    }
}
