using System.Numerics;

namespace FlowMeter.Report.Statistics;

/// <summary>
/// How many different texts there were: exact up to 32, then an estimate by HyperLogLog (Flajolet et al. 2007) of 256 registers, whose
/// standard error is 6.5 %.
/// </summary>
internal sealed class DistinctCount
{
    private const int Exact = 32;
    private const int Registers = 256;

    private ulong[]? _hashes = new ulong[4];
    private byte[]? _registers;
    private int _count;

    /// <summary>The number of different texts so far.</summary>
    public double Value => _registers == null ? _count : Estimate(_registers);

    /// <summary>Takes a text.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        ulong hash = HashOf(text);
        if (_registers != null)
        {
            Put(_registers, hash);
            return;
        }

        if (_hashes.AsSpan(0, _count).Contains(hash))
        {
            return;
        }

        if (_count == Exact)
        {
            _registers = new byte[Registers];
            foreach (ulong known in _hashes!)
            {
                Put(_registers, known);
            }

            Put(_registers, hash);
            _hashes = null;
            return;
        }

        if (_count == _hashes!.Length)
        {
            Array.Resize(ref _hashes, 2 * _count);
        }

        _hashes[_count++] = hash;
    }

    /// <summary>FNV-1a, and mixed, since registers go by its first bits: the same in each run, so that pages are.</summary>
    private static ulong HashOf(ReadOnlySpan<byte> text)
    {
        ulong hash = 0xCBF2_9CE4_8422_2325;
        foreach (byte value in text)
        {
            hash = (hash ^ value) * 0x100_0000_01B3;
        }

        hash = (hash ^ (hash >> 30)) * 0xBF58_476D_1CE4_E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D0_49BB_1331_11EB;
        return hash ^ (hash >> 31);
    }

    private static void Put(byte[] registers, ulong hash)
    {
        ref byte register = ref registers[hash >> 56];
        register = Math.Max(register, (byte)(BitOperations.LeadingZeroCount(hash << 8) + 1));
    }

    private static double Estimate(byte[] registers)
    {
        const double Bias = 0.7213 / (1 + (1.079 / Registers));
        double sum = 0;
        int empty = 0;
        foreach (byte register in registers)
        {
            sum += Math.Pow(2, -register);
            empty += register == 0 ? 1 : 0;
        }

        double raw = Bias * Registers * Registers / sum;
        return Math.Round(raw <= 2.5 * Registers && empty > 0 ? Registers * Math.Log((double)Registers / empty) : raw);
    }
}
