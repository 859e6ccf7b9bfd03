namespace FlowMeter.Engine.Text;

/// <summary>Why the system refused something, as a part of a sentence that names the file itself.</summary>
public static class FailureReason
{
    /// <summary>The message of <paramref name="failure"/> without the path that .NET puts behind it, and without its full stop.</summary>
    public static string Of(Exception failure)
    {
        string message = failure.Message.TrimEnd('.');
        int path = message.IndexOf(" : '", StringComparison.Ordinal);
        return path > 0 ? message[..path] : message;
    }
}
