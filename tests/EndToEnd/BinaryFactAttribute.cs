namespace FlowMeter.Tests.EndToEnd;

/// <summary>A fact about the native binary, skipped with a reason where something it needs is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BinaryFactAttribute : FactAttribute
{
    public BinaryFactAttribute(Need needs = Need.None) => Skip = Available.WhyNot(needs);
}
