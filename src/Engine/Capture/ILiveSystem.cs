using FlowMeter.Native;

namespace FlowMeter.Engine.Capture;

/// <summary>
/// What a live capture asks of the system that it runs on: interfaces, handles on them, and to wait. No call of it is for a packet. libpcap
/// is behind it (<see cref="PcapSystem"/>), or a simulator.
/// </summary>
internal interface ILiveSystem
{
    /// <summary>Whether the system has an interface of this name, so that it can go up and down.</summary>
    bool Exists(string name);

    /// <summary>Whether an interface is up.</summary>
    bool IsUp(string name);

    /// <summary>Opens as many handles on an interface as the settings say, which share its frames if there are several.</summary>
    /// <param name="name">The interface.</param>
    /// <param name="settings">How to capture.</param>
    /// <param name="say">Takes a warning.</param>
    /// <exception cref="PcapException">It can not be captured; no handle is left open.</exception>
    IReadOnlyList<ILiveHandle> Open(string name, CaptureSettings settings, Action<string> say);

    /// <summary>Lets so many milliseconds pass.</summary>
    void Wait(int milliseconds);
}
