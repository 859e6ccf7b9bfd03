using System.Buffers.Binary;

namespace FlowMeter.Tests.Fuzz;

/// <summary>Changes bytes as fuzzers do, by a seed: bits, bytes, numbers; pieces cut out, doubled or taken from another input.</summary>
internal sealed class ByteMutator(int seed)
{
    private static readonly uint[] s_numbers =
        [0, 1, 3, 4, 7, 8, 16, 32, 63, 64, 127, 128, 255, 256, 1500, 4096, 32_767, 65_535, 262_144, 262_145, int.MaxValue, uint.MaxValue];

    private readonly Random _random = new(seed);

    /// <summary>A changed copy of one input, with some of another.</summary>
    public byte[] Change(byte[] input, byte[] other)
    {
        List<byte> bytes = [.. input];
        for (int changes = 1 << _random.Next(5); changes > 0; changes--)
        {
            int at = _random.Next(bytes.Count + 1);
            int length = Math.Min(_random.Next(1, 33), bytes.Count - at);
            switch (_random.Next(9))
            {
                case 0:
                    bytes.RemoveRange(at, _random.Next(20) == 0 ? bytes.Count - at : length);
                    break;
                case 1:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 2 when other.Length > 0:
                    int from = _random.Next(other.Length);
                    bytes.InsertRange(at, other[from..Math.Min(other.Length, from + _random.Next(1, 100))]);
                    break;
                case 3 or 4:
                    Overwrite(bytes, at);
                    break;
                case 5:
                    bytes.Insert(at, (byte)_random.Next(256));
                    break;
                default:
                    if (at < bytes.Count)
                    {
                        bytes[at] = _random.Next(2) == 0 ? (byte)_random.Next(256) : (byte)(bytes[at] ^ (1 << _random.Next(8)));
                    }

                    break;
            }
        }

        return [.. bytes.Take(FuzzTarget.MaxLength)];
    }

    private void Overwrite(List<byte> bytes, int at)
    {
        Span<byte> number = stackalloc byte[4];
        uint value = s_numbers[_random.Next(s_numbers.Length)];
        if (_random.Next(2) == 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(number, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(number, value);
        }

        int width = 1 << _random.Next(3);
        for (int i = 0; i < width && at + i < bytes.Count; i++)
        {
            bytes[at + i] = number[i];
        }
    }
}
