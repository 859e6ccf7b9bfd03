using System.Text;
using FlowMeter.Learning.Queries;

namespace FlowMeter.Tests.Learning.Queries;

/// <summary>Sorting beyond memory.</summary>
public sealed class RowSorterTests
{
    [Theory]
    [InlineData(0, 1000)]
    [InlineData(1, 1000)]
    [InlineData(5000, 1 << 20)]
    [InlineData(5000, 2000)]
    [InlineData(5000, 500)]
    public void Rows_come_out_by_key_and_equal_ones_in_the_order_in_which_they_came(int count, int memory)
    {
        Random random = new(count);
        List<(string Key, string Row)> rows = [];
        using RowSorter sorter = new(Path.GetTempPath(), memory);
        for (int i = 0; i < count; i++)
        {
            string key = new([.. Enumerable.Range(0, random.Next(12)).Select(_ => (char)random.Next('a', 'd'))]);
            rows.Add((key, $"{i} {new string('x', random.Next(300))}"));
            sorter.Add(Encoding.ASCII.GetBytes(key), Encoding.ASCII.GetBytes(rows[^1].Row));
        }

        List<(string Key, string Row)> sorted = [];
        sorter.Drain((key, row) => sorted.Add((Encoding.ASCII.GetString(key), Encoding.ASCII.GetString(row))));
        Assert.Equal(rows.OrderBy(row => row.Key, StringComparer.Ordinal), sorted);
        Assert.Equal(count > 1 && memory < 1 << 20, sorter.HasSpilled);
    }

    [Fact]
    public void A_row_that_is_larger_than_memory_is_sorted_too()
    {
        using RowSorter sorter = new(Path.GetTempPath(), 1000);
        byte[] large = new byte[3 << 20];
        sorter.Add("b"u8, large);
        sorter.Add("a"u8, "x"u8);
        sorter.Add("c"u8, large);
        List<(byte Key, int Length)> sorted = [];
        sorter.Drain((key, row) => sorted.Add((key[0], row.Length)));
        Assert.Equal([((byte)'a', 1), ((byte)'b', large.Length), ((byte)'c', large.Length)], sorted);
    }

    [Fact]
    public void Nothing_is_left_of_a_temporary_file()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            using (RowSorter sorter = new(folder, 100))
            {
                for (byte i = 0; i < 100; i++)
                {
                    sorter.Add([i], new byte[50]);
                }

                Assert.True(sorter.HasSpilled);
                if (!OperatingSystem.IsWindows())
                {
                    Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
                }
            }

            Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_folder_that_is_not_there_is_said()
    {
        using RowSorter sorter = new("/no/such/folder", 1);
        sorter.Add("a"u8, "x"u8);
        string message = Assert.Throws<FlowMeter.Engine.Output.OutputException>(() => sorter.Add("b"u8, "x"u8)).Message;
        Assert.StartsWith("/no/such/folder: no temporary file can be made there: ", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(400)]
    public void The_first_rows_are_those_of_all_sorted(int most)
    {
        Random random = new(most);
        TopRows top = new(most);
        List<(byte Key, int Row)> rows = [];
        for (int i = 0; i < 300; i++)
        {
            rows.Add(((byte)random.Next(20), i));
            top.Add([rows[^1].Key], BitConverter.GetBytes(i));
        }

        List<(byte Key, int Row)> kept = [];
        top.Drain((key, row) => kept.Add((key[0], BitConverter.ToInt32(row))));
        Assert.Equal(rows.OrderBy(row => row.Key).Take(most), kept);
    }
}
