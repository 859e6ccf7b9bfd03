using System.Numerics;
using System.Runtime.Intrinsics;

namespace FlowMeter.Engine.Ciphers;

/// <summary>
/// The round in software, by a table of SubBytes and MixColumns together. Which lines of the table it reads depends on the key, so it is
/// no cipher to keep secrets with; a hash table is what it is for.
/// </summary>
internal readonly struct AesTable : IAesRound
{
    // What a byte of row 0 adds to its column; rows 1 to 3 are the same, rotated.
    private static readonly uint[] s_columns = Columns();

    /// <inheritdoc/>
    public static Vector128<byte> Apply(Vector128<byte> state, Vector128<byte> key)
    {
        Vector128<uint> words = state.AsUInt32();
        uint first = words.GetElement(0);
        uint second = words.GetElement(1);
        uint third = words.GetElement(2);
        uint fourth = words.GetElement(3);
        return (Vector128.Create(
            Column(first, second, third, fourth), Column(second, third, fourth, first),
            Column(third, fourth, first, second), Column(fourth, first, second, third)) ^ key.AsUInt32()).AsByte();
    }

    /// <inheritdoc/>
    public static Vector128<byte> ApplyLast(Vector128<byte> state, Vector128<byte> key)
    {
        Vector128<uint> words = state.AsUInt32();
        uint first = words.GetElement(0);
        uint second = words.GetElement(1);
        uint third = words.GetElement(2);
        uint fourth = words.GetElement(3);
        return (Vector128.Create(
            LastColumn(first, second, third, fourth), LastColumn(second, third, fourth, first),
            LastColumn(third, fourth, first, second), LastColumn(fourth, first, second, third)) ^ key.AsUInt32()).AsByte();
    }

    /// <summary>SubBytes of one byte, which the key schedule needs, too.</summary>
    public static byte Substitute(byte value) => (byte)(s_columns[value] >> 8);

    private static uint LastColumn(uint row0, uint row1, uint row2, uint row3) =>
        Substitute((byte)row0)
        | ((uint)Substitute((byte)(row1 >> 8)) << 8)
        | ((uint)Substitute((byte)(row2 >> 16)) << 16)
        | ((uint)Substitute((byte)(row3 >> 24)) << 24);

    // ShiftRows: row r comes from r columns further right.
    private static uint Column(uint row0, uint row1, uint row2, uint row3) =>
        s_columns[(byte)row0]
        ^ BitOperations.RotateLeft(s_columns[(byte)(row1 >> 8)], 8)
        ^ BitOperations.RotateLeft(s_columns[(byte)(row2 >> 16)], 16)
        ^ BitOperations.RotateLeft(s_columns[row3 >> 24], 24);

    private static uint[] Columns()
    {
        uint[] columns = new uint[256];
        columns[0] = Mixed(0x63);

        // Powers of 3, which are all bytes but 0, and beside them their inverses; then the affine step of SubBytes.
        byte power = 1;
        byte inverse = 1;
        do
        {
            power ^= Doubled(power);
            inverse ^= (byte)(inverse << 1);
            inverse ^= (byte)(inverse << 2);
            inverse ^= (byte)(inverse << 4);
            inverse ^= (byte)((inverse >> 7) * 0x09);
            columns[power] = Mixed((byte)(inverse ^ Rotated(inverse, 1) ^ Rotated(inverse, 2) ^ Rotated(inverse, 3)
                ^ Rotated(inverse, 4) ^ 0x63));
        }
        while (power != 1);
        return columns;
    }

    private static uint Mixed(byte value)
    {
        uint once = value;
        uint twice = Doubled(value);
        return twice | (once << 8) | (once << 16) | ((once ^ twice) << 24);
    }

    private static byte Doubled(byte value) => (byte)((value << 1) ^ ((value >> 7) * 0x1B));

    private static byte Rotated(byte value, int bits) => (byte)((value << bits) | (value >> (8 - bits)));
}
