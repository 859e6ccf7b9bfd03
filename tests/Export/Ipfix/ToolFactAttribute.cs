namespace FlowMeter.Tests.Export.Ipfix;

/// <summary>A fact that asks a program of the system; skipped where it is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(string tool)
    {
        Tool = tool;
        string[] folders = ["/usr/bin", "/usr/sbin", "/usr/local/bin"];
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, tool))))
        {
            Skip = $"{tool} is not on this machine";
        }
    }

    /// <summary>The program.</summary>
    public string Tool { get; }
}
