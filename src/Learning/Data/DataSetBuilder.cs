using System.Globalization;

namespace FlowMeter.Learning.Data;

/// <summary>
/// Collects labelled flows row by row into the columns of a <see cref="DataSet"/>. Memory is bounded by <see cref="MaxRows"/>: a flow that
/// does not fit is refused before the machine begins to swap.
/// </summary>
internal sealed class DataSetBuilder
{
    // Training needs the columns about three times over: the data, the part of it that a fold trains with, and that part's standardised
    // copy.
    private const double ShareOfMemory = 0.3;
    private const int BytesBeside = 64;

    private readonly long _maxRows;
    private readonly Dictionary<string, int> _captures = [];
    private readonly List<string> _captureNames = [];
    private readonly Dictionary<string, int> _sources = [];
    private readonly List<string> _sourceNames = [];
    private double[][] _columns;
    private bool[] _positive = [];
    private int[] _capture = [];
    private int[] _source = [];
    private long[] _times = [];
    private double[][] _volumes = [[], [], [], []];
    private bool _hasTimes = true;
    private bool _hasVolumes = true;
    private FlowRate _benignRate;

    /// <summary>Begins an empty data set.</summary>
    /// <param name="profile">The profile whose features these are; <see cref="DataSet.TableProfile"/> for none.</param>
    /// <param name="features">Names of the features.</param>
    /// <param name="memory">Bytes of memory that there are; null for what the machine has.</param>
    public DataSetBuilder(string profile, IReadOnlyList<string> features, long? memory = null)
    {
        Profile = profile;
        Features = features;
        _columns = [.. features.Select(_ => Array.Empty<double>())];
        _maxRows = MaxRows(features.Count, memory);
    }

    /// <summary>The profile whose features these are.</summary>
    public string Profile { get; }

    /// <summary>Names of the features: one value each in <see cref="Add"/>.</summary>
    public IReadOnlyList<string> Features { get; }

    /// <summary>Flows so far.</summary>
    public int Count { get; private set; }

    /// <summary>The number of flows that fit into memory with room to train.</summary>
    public static long MaxRows(int features, long? memory = null) => (long)Math.Min(
        (memory ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes) * ShareOfMemory / ((features * sizeof(double)) + BytesBeside),
        Array.MaxLength - 64);

    /// <summary>The error that a capture or table has more than <see cref="MaxRows"/> flows.</summary>
    public static DataException TooLarge(string capture, int features) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{capture}: more than {MaxRows(features):#,0} flows of {features} features do not fit into this machine's memory with room to "
            + $"train; give fewer or smaller files."));

    /// <summary>Appends a flow.</summary>
    /// <param name="features">A value for each of <see cref="Features"/>; copied.</param>
    /// <param name="positive">Whether the flow is malicious.</param>
    /// <param name="capture">The capture or table that it is from.</param>
    /// <param name="time">Its start in nanoseconds since the epoch; null if unknown.</param>
    /// <param name="volume">Its packets and bytes; null if unknown.</param>
    /// <param name="source">The laboratory that it is from; null for all flows where nobody named them.</param>
    /// <exception cref="DataException">It does not fit into memory.</exception>
    public void Add(
        ReadOnlySpan<double> features, bool positive, string capture, long? time, FlowVolume? volume, string? source = null)
    {
        if (Count == _positive.Length)
        {
            Grow(capture);
        }

        for (int f = 0; f < features.Length; f++)
        {
            _columns[f][Count] = features[f];
        }

        _positive[Count] = positive;
        _capture[Count] = NumberOf(capture, _captures, _captureNames);
        _source[Count] = source == null ? -1 : NumberOf(source, _sources, _sourceNames);
        _times[Count] = time ?? Count;
        _hasTimes &= time != null;
        _hasVolumes &= volume != null;
        FlowVolume known = volume ?? new FlowVolume(1, 1, 1, 1);
        (_volumes[0][Count], _volumes[1][Count]) = (known.Packets, known.Bytes);
        (_volumes[2][Count], _volumes[3][Count]) = (known.BypassedPackets, known.BypassedBytes);
        Count++;
    }

    /// <summary>
    /// Notes how many benign flows a capture had over some nanoseconds; needed where not all of them are added.
    /// </summary>
    public void ObserveBenign(long flows, long nanoseconds) => _benignRate = _benignRate.With(flows, nanoseconds);

    /// <summary>
    /// The data set of all flows so far. If one flow has no time, times count as unknown for all; the same holds for volumes.
    /// </summary>
    public DataSet Build()
    {
        if (!_hasVolumes)
        {
            Array.ForEach(_volumes, volume => Array.Fill(volume, 1.0));
        }

        return new DataSet
        {
            Profile = Profile,
            Features = Features,
            Columns = [.. _columns.Select(column => column[..Count])],
            Positive = _positive[..Count],
            Capture = _capture[..Count],
            Captures = _captureNames,
            Group = _capture[..Count],
            Source = _sourceNames.Count == 0 ? [] : _source[..Count],
            Sources = _sourceNames,
            Times = _hasTimes ? _times[..Count] : [.. Enumerable.Range(0, Count).Select(row => (long)row)],
            HasTimes = _hasTimes,
            Packets = _volumes[0][..Count],
            Bytes = _volumes[1][..Count],
            BypassedPackets = _volumes[2][..Count],
            BypassedBytes = _volumes[3][..Count],
            HasVolumes = _hasVolumes,
            BenignFlowsADay = (_hasTimes && _benignRate == default ? RateOfRows() : _benignRate).ADay,
        };
    }

    private FlowRate RateOfRows()
    {
        FlowRate rate = default;
        foreach (IGrouping<int, int> capture in Enumerable.Range(0, Count).GroupBy(row => _capture[row]))
        {
            rate = rate.With(
                capture.Count(row => !_positive[row]), capture.Max(row => _times[row]) - capture.Min(row => _times[row]));
        }

        return rate;
    }

    private static int NumberOf(string name, Dictionary<string, int> numbers, List<string> names)
    {
        if (!numbers.TryGetValue(name, out int number))
        {
            number = names.Count;
            numbers.Add(name, number);
            names.Add(name);
        }

        return number;
    }

    private void Grow(string capture)
    {
        if (Count >= _maxRows)
        {
            throw TooLarge(capture, Features.Count);
        }

        int rows = (int)Math.Min(Math.Max(1024, Count + ((long)Count / 2)), _maxRows);
        _columns = [.. _columns.Select(column => Grown(column, rows))];
        _volumes = [.. _volumes.Select(volume => Grown(volume, rows))];
        _positive = Grown(_positive, rows);
        _capture = Grown(_capture, rows);
        _source = Grown(_source, rows);
        _times = Grown(_times, rows);
    }

    private static T[] Grown<T>(T[] values, int length)
    {
        Array.Resize(ref values, length);
        return values;
    }
}
