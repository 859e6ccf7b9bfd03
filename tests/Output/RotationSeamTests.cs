using System.Globalization;
using System.Text;

namespace FlowMeter.Tests.Output;

/// <summary>Rotation while several threads write: every row is in exactly one file.</summary>
public sealed class RotationSeamTests : IDisposable
{
    private const int Writers = 4;
    private const int RowsOfAWriter = 250_000;
    private readonly ResilientRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void No_row_is_lost_or_doubled_at_the_seam()
    {
        _run.Open("f-%H%M%S.csv", "60s", "400kB");
        Thread[] threads = [.. Enumerable.Range(0, Writers).Select(writer => new Thread(() => Write(writer)))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        while (threads.Any(thread => thread.IsAlive))
        {
            _run.Clock.Advance(TimeSpan.FromSeconds(11));
            _run.Output.RotateNow();
            Thread.Sleep(20);
        }

        _run.Output.Complete();
        string[] names = _run.Folder.Names();
        Assert.InRange(names.Length, (Writers * RowsOfAWriter * 10 / 400_000) + 1, int.MaxValue);
        bool[,] seen = new bool[Writers, RowsOfAWriter];
        long rows = 0;
        foreach (string name in names)
        {
            Assert.EndsWith(".csv", name, StringComparison.Ordinal);
            Assert.InRange(new FileInfo(_run.Folder[name]).Length, 1, 400_000);
            string[] lines = File.ReadAllLines(_run.Folder[name]);
            Assert.Equal("a,b", lines[0]);
            foreach (string line in lines.AsSpan(1))
            {
                string[] fields = line.Split(',');
                int by = int.Parse(fields[0], CultureInfo.InvariantCulture);
                ref bool isSeen = ref seen[by, int.Parse(fields[1], CultureInfo.InvariantCulture)];
                Assert.False(isSeen, line);
                isSeen = true;
                rows++;
            }
        }

        Assert.Equal(Writers * RowsOfAWriter, rows);
        Assert.Equal(rows, _run.Output.Rows);
        Assert.Equal(0, _run.Output.LostRows);
        Assert.Empty(_run.Told);
    }

    private void Write(int writer)
    {
        Random random = new(writer);
        StringBuilder block = new();
        for (int row = 0; row < RowsOfAWriter;)
        {
            block.Clear();
            for (int end = Math.Min(RowsOfAWriter, row + random.Next(1, 2000)); row < end; row++)
            {
                block.Append(writer).Append(',').Append(row.ToString("000000000", CultureInfo.InvariantCulture)).Append('\n');
            }

            _run.Write(block.ToString());
        }
    }
}
