using System.Runtime.CompilerServices;

namespace FlowMeter.Native;

/// <summary>
/// Runs something in the runtime's finalizer thread: it exists before Main begins, and what Linux lets only a thread do to itself has to be
/// done there, too.
/// </summary>
internal sealed class FinalizerThread
{
    private readonly Action _action;

    private FinalizerThread(Action action) => _action = action;

    ~FinalizerThread() => _action();

    /// <summary>Runs an action, which does not throw, and waits for it.</summary>
    public static void Run(Action action)
    {
        Drop(action);
        GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        GC.WaitForPendingFinalizers();
    }

    // A frame of its own, so that nothing refers to the object any more.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(Action action) => _ = new FinalizerThread(action);
}
