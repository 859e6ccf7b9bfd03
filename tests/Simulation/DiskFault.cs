namespace FlowMeter.Tests.Simulation;

/// <summary>What is wrong with a disk.</summary>
internal enum DiskFault
{
    None,

    /// <summary>No more bytes fit (ENOSPC).</summary>
    Full,

    /// <summary>Nothing works, and a write may do a part of its work before (EIO).</summary>
    Faulty,

    /// <summary>The folder may not be changed (EACCES).</summary>
    NotAllowed,
}
