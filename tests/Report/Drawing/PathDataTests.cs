using FlowMeter.Report.Drawing;


namespace FlowMeter.Tests.Report.Drawing;

public sealed class PathDataTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(-0.04, "0")]
    [InlineData(1.25, "1.3")]
    [InlineData(-17, "-17")]
    [InlineData(1e6, "1000000")]
    public void Numbers_are_short(double value, string expected) => Assert.Equal(expected, PathData.Number(value));

    [Fact]
    public void Lines_steps_areas_and_boxes()
    {
        (double, double)[] points = [(0, 10), (5, 2.5), (9, 0)];
        Assert.Equal("M0 10L5 2.5L9 0", PathData.Line(points));
        Assert.Equal("M0 10H5V2.5H9V0", PathData.Steps(points));
        Assert.Equal("M0 20L0 10L5 2.5L9 0V20Z", PathData.Area(points, 20));
        Assert.Equal("M1 2h3v4h-3Z", PathData.Box(1, 2, 3, 4));
        Assert.Equal("", PathData.Line([]));
        Assert.Equal("", PathData.Area([], 5));
    }
}
