namespace FlowMeter.Tests.Report.Pages;

/// <summary>A fact about a page in a browser, skipped with a reason where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute() => Skip = Chromium.WhyNot;
}
