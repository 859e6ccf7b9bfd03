namespace FlowMeter.Engine.Capture;

/// <summary>Why an input can not be read, or not to its end.</summary>
public enum CaptureFault
{
    /// <summary>It contradicts itself; what came before is good.</summary>
    Damaged,

    /// <summary>It is empty or ends inside a record, as a file does whose writer was ended; what is there is good.</summary>
    Incomplete,

    /// <summary>The system failed to read it; what is there, nobody knows.</summary>
    Unreadable,

    /// <summary>It is not there, may not be read, or is no capture: nothing of it will ever be metered.</summary>
    Refused,
}
