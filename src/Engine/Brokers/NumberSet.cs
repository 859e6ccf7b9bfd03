using System.Globalization;

namespace FlowMeter.Engine.Brokers;

/// <summary>A set of numbers that mostly follow one another, as ranges.</summary>
internal sealed class NumberSet
{
    // First numbers of ranges, and last ones; ascending, with a gap between neighbours.
    private readonly List<(long First, long Last)> _ranges = [];

    /// <summary>Adds a number. False if it was there.</summary>
    public bool Add(long number)
    {
        int next = _ranges.Count;
        while (next > 0 && _ranges[next - 1].First > number)
        {
            next--;
        }

        if (next > 0 && _ranges[next - 1].Last >= number)
        {
            return false;
        }

        bool joinsBefore = next > 0 && _ranges[next - 1].Last == number - 1;
        bool joinsNext = next < _ranges.Count && _ranges[next].First == number + 1;
        switch (joinsBefore, joinsNext)
        {
            case (true, true):
                _ranges[next - 1] = (_ranges[next - 1].First, _ranges[next].Last);
                _ranges.RemoveAt(next);
                break;
            case (true, false):
                _ranges[next - 1] = (_ranges[next - 1].First, number);
                break;
            case (false, true):
                _ranges[next] = (number, _ranges[next].Last);
                break;
            default:
                _ranges.Insert(next, (number, number));
                break;
        }

        return true;
    }

    /// <summary>Reads ranges as <see cref="ToString"/> writes them.</summary>
    /// <exception cref="FormatException">They are none.</exception>
    public static NumberSet Parse(string text)
    {
        NumberSet set = new();
        foreach (string[] range in text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('-')))
        {
            set._ranges.Add((long.Parse(range[0], CultureInfo.InvariantCulture), long.Parse(range[^1], CultureInfo.InvariantCulture)));
        }

        return set;
    }

    /// <summary>The ranges, as 1-5,7.</summary>
    public override string ToString() => string.Join(',', _ranges.Select(range => range.First == range.Last
        ? range.First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}")));
}
