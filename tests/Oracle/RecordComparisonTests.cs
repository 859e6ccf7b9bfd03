using System.Globalization;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Oracle;

public sealed class RecordComparisonTests
{
    private static readonly List<ReferenceRecord> s_records = ReferenceMeter.Run(Traffic.Random(4)).Records;
    private static readonly ReferenceTable s_expected = ReferenceRecord.Table(s_records);

    [Fact]
    public void A_table_agrees_with_itself_in_any_order()
    {
        Assert.Null(RecordComparison.FirstDifference(Table(s_expected.Rows.Reverse()), s_records));
    }

    [Fact]
    public void Rows_of_one_identity_are_a_multiset()
    {
        ReferenceRow one = s_expected.Rows[0];
        ReferenceRow other = one with { Numbers = [.. one.Numbers.Select(number => number + 1)] };
        ReferenceTable both = s_expected with { Rows = [one, other] };

        Assert.Null(RecordComparison.FirstDifference(Table([other, one]), both));
        Assert.NotNull(RecordComparison.FirstDifference(Table([other, other]), both));
        Assert.NotNull(RecordComparison.FirstDifference(Table([one, one]), both));
    }

    [Fact]
    public void Every_number_matters()
    {
        ReferenceRow row = s_expected.Rows[0];
        for (int i = 0; i < row.Numbers.Length; i++)
        {
            double[] numbers = [.. row.Numbers];
            numbers[i] += Math.Max(1e-300, numbers[i] * 2e-9);
            string? difference = RecordComparison.FirstDifference(
                Table([row with { Numbers = numbers }]), s_expected with { Rows = [row] });
            Assert.Contains(s_expected.NumberColumns[i] + ":", difference, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_identity_column_matters()
    {
        ReferenceRow row = s_expected.Rows[0];
        for (int i = 0; i < row.Identity.Length; i++)
        {
            string[] identity = [.. row.Identity];
            identity[i] += "0";
            Assert.NotNull(RecordComparison.FirstDifference(
                Table([row with { Identity = identity }]), s_expected with { Rows = [row] }));
        }
    }

    [Fact]
    public void Missing_and_surplus_rows_are_found()
    {
        string? missing = RecordComparison.FirstDifference(Table(s_expected.Rows.Skip(1)), s_records);
        Assert.Contains("not there", missing, StringComparison.Ordinal);
        string? surplus = RecordComparison.FirstDifference(Table(s_expected.Rows), s_records[1..]);
        Assert.Contains("nobody expects", surplus, StringComparison.Ordinal);
    }

    [Fact]
    public void Not_a_number_never_agrees()
    {
        ReferenceRow row = s_expected.Rows[0];
        Assert.NotNull(RecordComparison.FirstDifference(
            Table([row with { Numbers = [.. row.Numbers.Select(_ => double.NaN)] }]), s_expected with { Rows = [row] }));
    }

    [Fact]
    public void Quoted_fields_are_one_field()
    {
        CsvTable table = CsvTable.Parse("a,\"b\"\r\n\"1,\"\"2\",\n");

        Assert.Equal(["a", "b"], table.Header);
        Assert.Equal(["1,\"2", ""], Assert.Single(table.Rows));
    }

    private static CsvTable Table(IEnumerable<ReferenceRow> rows)
    {
        IEnumerable<string> lines = rows.Select(
            row => string.Join(',', row.Identity.Concat(row.Numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture)))));
        return CsvTable.Parse(string.Join('\n', lines.Prepend(string.Join(',', ReferenceRecord.Columns))));
    }
}
