namespace FlowMeter.Native;

/// <summary>Rights can not be given up as asked; the message says why and what to do.</summary>
public sealed class PrivilegeException : Exception
{
    internal PrivilegeException(string message)
        : base(message)
    {
    }
}
