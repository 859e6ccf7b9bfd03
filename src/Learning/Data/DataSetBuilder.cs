using System.Globalization;

namespace FlowMeter.Learning.Data;

/// <summary>Gathers labelled flows row by row. Memory is bounded: what does not fit is refused with a clear line, before the machine begins to swap.</summary>
internal sealed class DataSetBuilder
{
    // Training needs the columns about twice over: the data, and a fold's standardised copy.
    private const double ShareOfMemory = 0.4;
    private const int BytesBeside = 64;

    private readonly long _mostRows;
    private readonly Dictionary<string, int> _captures = [];
    private readonly List<string> _captureNames = [];
    private double[][] _columns;
    private bool[] _positive = [];
    private int[] _capture = [];
    private long[] _times = [];
    private double[][] _volumes = [[], [], [], []];
    private bool _hasTimes = true;
    private bool _hasVolumes = true;

    /// <summary>Begins a data set.</summary>
    /// <param name="profile">Whose features these are.</param>
    /// <param name="features">Their names.</param>
    /// <param name="memory">Bytes of memory there are; null for the machine's.</param>
    public DataSetBuilder(string profile, IReadOnlyList<string> features, long? memory = null)
    {
        Profile = profile;
        Features = features;
        _columns = [.. features.Select(_ => Array.Empty<double>())];
        _mostRows = MostRows(features.Count, memory);
    }

    public string Profile { get; }

    public IReadOnlyList<string> Features { get; }

    public int Count { get; private set; }

    /// <summary>Flows that fit into memory with room to train.</summary>
    public static long MostRows(int features, long? memory = null) => (long)Math.Min(
        (memory ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes) * ShareOfMemory / ((features * sizeof(double)) + BytesBeside), Array.MaxLength - 64);

    /// <summary>Says that flows do not fit.</summary>
    public static DataException TooLarge(string capture, int features) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{capture}: more than {MostRows(features):#,0} flows of {features} features do not fit into this machine's memory with room to train; give fewer or smaller files."));

    /// <summary>Appends a flow.</summary>
    /// <exception cref="DataException">It does not fit into memory.</exception>
    public void Add(ReadOnlySpan<double> features, bool positive, string capture, long? time, FlowVolume? volume)
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
        _capture[Count] = CaptureNumber(capture);
        _times[Count] = time ?? Count;
        _hasTimes &= time != null;
        _hasVolumes &= volume != null;
        FlowVolume known = volume ?? new FlowVolume(1, 1, 1, 1);
        (_volumes[0][Count], _volumes[1][Count], _volumes[2][Count], _volumes[3][Count]) = (known.Packets, known.Bytes, known.SparedPackets, known.SparedBytes);
        Count++;
    }

    /// <summary>The data set. Where some flows have no time or volume, none counts as known.</summary>
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
            Times = _hasTimes ? _times[..Count] : [.. Enumerable.Range(0, Count).Select(row => (long)row)],
            HasTimes = _hasTimes,
            Packets = _volumes[0][..Count],
            Bytes = _volumes[1][..Count],
            SparedPackets = _volumes[2][..Count],
            SparedBytes = _volumes[3][..Count],
            HasVolumes = _hasVolumes,
        };
    }

    private int CaptureNumber(string capture)
    {
        if (!_captures.TryGetValue(capture, out int number))
        {
            number = _captureNames.Count;
            _captures.Add(capture, number);
            _captureNames.Add(capture);
        }

        return number;
    }

    private void Grow(string capture)
    {
        if (Count >= _mostRows)
        {
            throw TooLarge(capture, Features.Count);
        }

        int rows = (int)Math.Min(Math.Max(1024, Count + ((long)Count / 2)), _mostRows);
        _columns = [.. _columns.Select(column => Grown(column, rows))];
        _volumes = [.. _volumes.Select(volume => Grown(volume, rows))];
        _positive = Grown(_positive, rows);
        _capture = Grown(_capture, rows);
        _times = Grown(_times, rows);
    }

    private static T[] Grown<T>(T[] values, int length)
    {
        Array.Resize(ref values, length);
        return values;
    }
}

/// <summary>What a flow weighs: all of it, and what a verdict of benign spares the inspector.</summary>
internal readonly record struct FlowVolume(double Packets, double Bytes, double SparedPackets, double SparedBytes);
