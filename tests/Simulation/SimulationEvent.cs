namespace FlowMeter.Tests.Simulation;

/// <summary>What may happen to a capture from outside.</summary>
internal enum SimulationEvent
{
    /// <summary>The wall clock is set; the value is by how many ns.</summary>
    ClockStep,

    /// <summary>An interface goes down; the value is which.</summary>
    InterfaceDown,

    /// <summary>An interface comes back; the value is which.</summary>
    InterfaceUp,

    /// <summary>A disk begins to fail; the value is a <see cref="DiskFault"/>.</summary>
    DiskFails,

    /// <summary>The disk is well again.</summary>
    DiskMended,

    /// <summary>Somebody deletes the file that is being written.</summary>
    FileTaken,

    /// <summary>SIGHUP.</summary>
    Rotate,

    /// <summary>The workers get no processor time; the value is for how many ns.</summary>
    WorkersStall,

    /// <summary>The disk is slow: nothing is written; the value is for how many ns.</summary>
    OutputStalls,
}
