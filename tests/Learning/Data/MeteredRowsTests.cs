using System.Text;
using FlowMeter.Learning.Data;

namespace FlowMeter.Tests.Learning.Data;

/// <summary>Rows read while they are written.</summary>
public sealed class MeteredRowsTests
{
    [Fact]
    public void Rows_of_many_blocks_are_those_of_one_table()
    {
        List<string> seen = [];
        int blocks = 0;
        using MeteredRows rows = new(
            "t", table => seen.Add(string.Join(' ', table.Columns.Header)), table => seen.Add($"{table.Rows} {table.Text(1)}"),
            () => blocks++);
        rows.Begin("a,b\n"u8);
        rows.Write([]);
        rows.Write("1,x\n2,\"y,z\"\n"u8);
        rows.Write(Encoding.UTF8.GetBytes("3," + new string('w', 600_000) + "\n"));
        rows.Write("4,v\n"u8);
        Assert.Equal(["a b", "1 x", "2 y,z", "3 " + new string('w', 600_000), "4 v"], seen);
        Assert.Equal((4, 3), (rows.Rows, blocks));
    }
}
