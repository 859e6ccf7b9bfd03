namespace FlowMeter.Tests.Support;

/// <summary>A theory over files of the shared folder; skipped on a machine that does not have it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute()
    {
        if (SharedFolder.Path is null)
        {
            Skip = "the shared folder is not beside this repository";
        }
    }
}
