using System.Globalization;
using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using FlowMeter.Bench.Naive;
using FlowMeter.Engine.Text;

namespace FlowMeter.Bench;

/// <summary>The writers of src/Engine/Text against the library's, a value or a row of 47 columns an operation.</summary>
[Config(typeof(InProcessRun))]
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public unsafe class NumberTextBench
{
    private const int Values = 4096;
    private const int Row = 32; // values of each kind from which a row takes its own
    private const int Rows = Values / Row;
    private const int Doubles = 18;
    private const int Durations = 9;
    private const int Counts = 13;
    private const int Identity = 3; // two ports and the protocol

    private readonly double[] _doubles = new double[Values];
    private readonly ulong[] _integers = new ulong[Values];
    private readonly ulong[] _durations = new ulong[Values];
    private readonly long[] _times = new long[Values];
    private readonly byte[] _addresses = new byte[4 * Values];
    private readonly byte[] _line = GC.AllocateArray<byte>(4096, pinned: true);
    private TimestampText _timestamp;
    private byte* _first;

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        fixed (byte* first = _line)
        {
            _first = first;
        }

        random.NextBytes(_addresses);
        long time = 1_453_924_860_856_800_000;
        for (int i = 0; i < Values; i++)
        {
            // A feature is 0 in one flow in five, whole in one in five, else a ratio.
            _doubles[i] = random.Next(5) switch
            {
                0 => 0,
                1 => random.Next(1, 100_000),
                _ => random.NextInt64(1, 100_000_000) / (double)random.NextInt64(1, 1_000_000),
            };
            _integers[i] = (ulong)random.NextInt64(1L << random.Next(1, 33));
            _durations[i] = (ulong)random.NextInt64(1L << random.Next(8, 37));
            // The library writes no less than 100 ns.
            _times[i] = time += random.Next(100_000) * 100;
        }

        Check();
    }

    [Benchmark(OperationsPerInvoke = Values), BenchmarkCategory("double")]
    public long ShortestDoubles()
    {
        byte* end = _first;
        foreach (double value in _doubles)
        {
            end = ShortestDouble.Write(Wrap(end), value);
        }

        return end - _first;
    }

    [Benchmark(OperationsPerInvoke = Values, Baseline = true), BenchmarkCategory("double")]
    public long LibraryDoubles()
    {
        byte* end = _first;
        foreach (double value in _doubles)
        {
            value.TryFormat(Room(Wrap(end)), out int written, default, CultureInfo.InvariantCulture);
            end = Wrap(end) + written;
        }

        return end - _first;
    }

    [Benchmark(OperationsPerInvoke = Values), BenchmarkCategory("integer")]
    public long Integers()
    {
        byte* end = _first;
        foreach (ulong value in _integers)
        {
            end = IntegerText.Write(Wrap(end), value);
        }

        return end - _first;
    }

    [Benchmark(OperationsPerInvoke = Values, Baseline = true), BenchmarkCategory("integer")]
    public long LibraryIntegers()
    {
        byte* end = _first;
        foreach (ulong value in _integers)
        {
            value.TryFormat(Room(Wrap(end)), out int written, default, CultureInfo.InvariantCulture);
            end = Wrap(end) + written;
        }

        return end - _first;
    }

    [Benchmark(OperationsPerInvoke = Values), BenchmarkCategory("duration")]
    public long Microseconds()
    {
        byte* end = _first;
        foreach (ulong value in _durations)
        {
            end = ThousandthsText.Write(Wrap(end), value);
        }

        return end - _first;
    }

    [Benchmark(OperationsPerInvoke = Values, Baseline = true), BenchmarkCategory("duration")]
    public long LibraryMicroseconds()
    {
        byte* end = _first;
        foreach (ulong value in _durations)
        {
            (value / 1000.0).TryFormat(Room(Wrap(end)), out int written, default, CultureInfo.InvariantCulture);
            end = Wrap(end) + written;
        }

        return end - _first;
    }

    [Benchmark(OperationsPerInvoke = Rows), BenchmarkCategory("row")]
    public long WrittenRows()
    {
        byte* end = _first;
        fixed (byte* addresses = _addresses)
        {
            for (int i = 0; i < Values; i += Row)
            {
                end = Comma(_timestamp.Write(_first, _times[i]));
                end = Comma(_timestamp.Write(end, _times[i + 1]));
                end = Comma(AddressText.WriteV4(end, addresses + (4 * i)));
                end = Comma(AddressText.WriteV4(end, addresses + (4 * i) + 4));
                for (int j = 0; j < Identity + Counts; j++)
                {
                    end = Comma(IntegerText.Write(end, _integers[i + j]));
                }

                for (int j = 0; j < Durations; j++)
                {
                    end = Comma(ThousandthsText.Write(end, _durations[i + j]));
                }

                for (int j = 0; j < Doubles; j++)
                {
                    end = Comma(ShortestDouble.Write(end, _doubles[i + j]));
                }
            }
        }

        return end - _first;
    }

    [Benchmark(OperationsPerInvoke = Rows, Baseline = true), BenchmarkCategory("row")]
    public long LibraryRows()
    {
        byte* end = _first;
        for (int i = 0; i < Values; i += Row)
        {
            end = Library(_first, DateTime.UnixEpoch.AddTicks(_times[i] / 100), "yyyy-MM-ddTHH:mm:ss.fffffff00Z");
            end = Library(end, DateTime.UnixEpoch.AddTicks(_times[i + 1] / 100), "yyyy-MM-ddTHH:mm:ss.fffffff00Z");
            end = Library(end, new IPAddress(_addresses.AsSpan(4 * i, 4)));
            end = Library(end, new IPAddress(_addresses.AsSpan((4 * i) + 4, 4)));
            for (int j = 0; j < Identity + Counts; j++)
            {
                end = Library(end, _integers[i + j]);
            }

            for (int j = 0; j < Durations; j++)
            {
                end = Library(end, _durations[i + j] / 1000.0);
            }

            for (int j = 0; j < Doubles; j++)
            {
                end = Library(end, _doubles[i + j]);
            }
        }

        return end - _first;
    }

    private static byte* Library<T>(byte* destination, T value, ReadOnlySpan<char> format = default)
        where T : IUtf8SpanFormattable
    {
        value.TryFormat(Room(destination), out int written, format, CultureInfo.InvariantCulture);
        return Comma(destination + written);
    }

    private static double Parse(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static byte* Comma(byte* end)
    {
        *end = (byte)',';
        return end + 1;
    }

    private static Span<byte> Room(byte* destination) => new(destination, 64);

    /// <summary>Numbers are written in another way than the library's where they are very small or large, so they are read back.</summary>
    private void Check()
    {
        for (int i = 0; i < Values; i++)
        {
            Twins.MustAgree(Parse(Text(ShortestDouble.Write(_first, _doubles[i]))).Equals(_doubles[i]));
            Twins.MustAgree(Text(IntegerText.Write(_first, _integers[i])) == _integers[i].ToString(CultureInfo.InvariantCulture));
            Twins.MustAgree(Parse(Text(ThousandthsText.Write(_first, _durations[i]))).Equals(_durations[i] / 1000.0));
        }

        // Each row takes the place of the one before, and the last one stays.
        string[] written = Text(_first + WrittenRows()).Split(',');
        string[] library = Text(_first + LibraryRows()).Split(',');
        Twins.MustAgree(written.Length == library.Length);
        for (int i = 0; i < written.Length; i++)
        {
            Twins.MustAgree(written[i] == library[i] || Parse(written[i]).Equals(Parse(library[i])));
        }
    }

    private string Text(byte* end) => Encoding.ASCII.GetString(_first, (int)(end - _first));

    private byte* Wrap(byte* end) => end - _first > 2048 ? _first : end;
}
