namespace FlowMeter.Tests.Report.Pages;

/// <summary>A theory about a page in a browser, skipped with a reason where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChromiumTheoryAttribute : TheoryAttribute
{
    public ChromiumTheoryAttribute() => Skip = Chromium.WhyNot;
}
