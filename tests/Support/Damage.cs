namespace FlowMeter.Tests.Support;

/// <summary>Random damage to a file's bytes.</summary>
internal static class Damage
{
    /// <summary>A damaged copy. The magic number stays, since what has lost it is no capture and nothing to test.</summary>
    public static byte[] To(byte[] whole, Random random)
    {
        List<byte> bytes = [.. whole];
        for (int changes = random.Next(1, 6); changes > 0 && bytes.Count > 5; changes--)
        {
            // Half of it at the start, where headers are.
            int at = random.Next(4, random.Next(2) == 0 ? Math.Min(bytes.Count, 200) : bytes.Count);
            switch (random.Next(9))
            {
                case 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 1:
                    bytes.InsertRange(at, Enumerable.Range(0, random.Next(1, 40)).Select(_ => (byte)random.Next(256)));
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 40), bytes.Count - at));
                    break;
                case 3:
                    // Lengths like to be enormous, or next to a power of two.
                    uint length = random
                        .Next(3) switch { 0 => uint.MaxValue, 1 => 262_144 + (uint)random.Next(-1, 2), _ => (uint)random.Next(-1, 70) };
                    byte[] word = BitConverter.GetBytes(length);
                    for (int i = 0; i < 4 && (at & ~3) + i < bytes.Count && (at & ~3) > 0; i++)
                    {
                        bytes[(at & ~3) + i] = word[i];
                    }

                    break;
                case < 7:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                default:
                    bytes[at] = (byte)random.Next(256);
                    break;
            }
        }

        return [.. bytes];
    }
}
