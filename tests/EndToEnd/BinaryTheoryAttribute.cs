namespace FlowMeter.Tests.EndToEnd;

/// <summary>A theory about the native binary, skipped with a reason where something it needs is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BinaryTheoryAttribute : TheoryAttribute
{
    public BinaryTheoryAttribute(Need needs = Need.None) => Skip = Available.WhyNot(needs);
}
