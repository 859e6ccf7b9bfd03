namespace FlowMeter.Learning.Data;

/// <summary>Sets of numbers that are joined one by one, each number in one set (union-find).</summary>
/// <param name="count">Numbers there are, from 0; each begins as a set of its own.</param>
internal sealed class DisjointSets(int count)
{
    private readonly int[] _parents = [.. Enumerable.Range(0, count)];

    /// <summary>Makes one set of the two that hold these numbers.</summary>
    public void Join(int left, int right) => _parents[Find(right)] = Find(left);

    /// <summary>The number of the set of each number: sets are numbered from 0 in the order of their first ones.</summary>
    public int[] Numbers()
    {
        Dictionary<int, int> numbers = [];
        return [.. Enumerable.Range(0, count).Select(Find).Select(root =>
        {
            numbers.TryAdd(root, numbers.Count);
            return numbers[root];
        })];
    }

    private int Find(int number)
    {
        while (_parents[number] != number)
        {
            _parents[number] = _parents[_parents[number]];
            number = _parents[number];
        }

        return number;
    }
}
