namespace FlowMeter.Tests.Support;

/// <summary>A fact about the shared folder; skipped on a machine that does not have it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute()
    {
        if (SharedFolder.Path is null)
        {
            Skip = "the shared folder is not beside this repository";
        }
    }
}
