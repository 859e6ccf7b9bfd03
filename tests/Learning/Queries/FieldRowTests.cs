using System.Text;
using FlowMeter.Learning.Queries;

namespace FlowMeter.Tests.Learning.Queries;

/// <summary>Rows as bytes and back.</summary>
public sealed class FieldRowTests
{
    [Theory]
    [InlineData]
    [InlineData(0)]
    [InlineData(0, 1, 0)]
    [InlineData(254, 255, 256, 70_000, 3)]
    public void A_row_is_read_as_it_was_written(params int[] lengths)
    {
        FieldRow row = new();
        row.Add("before"u8);
        row.Clear();
        foreach (int length in lengths)
        {
            row.Add(Encoding.ASCII.GetBytes(new string((char)('a' + (length % 26)), length)));
        }

        byte[] written = [.. row.Written(), 1, 2, 3];
        FieldRow read = new();
        read.Add("other"u8);
        Assert.Equal(written.Length - 3, read.Read(written));
        Assert.Equal(lengths.Length, read.Count);
        for (int i = 0; i < lengths.Length; i++)
        {
            Assert.Equal(lengths[i], read[i].Length);
            Assert.True(read[i].SequenceEqual(row[i]));
        }
    }

    [Fact]
    public void Many_fields_are_a_row_too()
    {
        FieldRow row = new();
        for (int i = 0; i < 1000; i++)
        {
            row.Add("x"u8);
        }

        FieldRow read = new();
        read.Read(row.Written());
        Assert.Equal(1000, read.Count);
        Assert.True(read[999].SequenceEqual("x"u8));
    }
}
