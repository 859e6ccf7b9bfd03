using System.Runtime.InteropServices;

namespace FlowMeter.Engine.Names;

/// <summary>A name of an address. Zeros are none.</summary>
[StructLayout(LayoutKind.Sequential, Size = 320)]
internal unsafe struct HostName
{
    /// <summary>Bytes of a name, at most.</summary>
    public const int MaxLength = 255;

    /// <summary>When it was told last, ns since 1970.</summary>
    public long Time;

    /// <summary>Until when it holds, ns since 1970.</summary>
    public long Until;

    /// <summary>How often this place got another name, from 1 on; after 65,535 it begins anew.</summary>
    public ushort Generation;

    /// <summary>Bytes of the name; 0 for none.</summary>
    public byte Length;

    private byte _addressBytes;
    private ulong _upper;
    private ulong _lower;
    private fixed byte _name[MaxLength];

    /// <summary>The name's bytes as they were told. They hold while the place has this name.</summary>
    public ReadOnlySpan<byte> Name
    {
        get
        {
            fixed (byte* name = _name)
            {
                return new ReadOnlySpan<byte>(name, Length);
            }
        }
    }

    /// <summary>Whether it is a name of an address, by its words and its bytes, 4 or 16.</summary>
    public readonly bool Is(ulong upper, ulong lower, int bytes) =>
        Length > 0 && _upper == upper && _lower == lower && _addressBytes == bytes;

    /// <summary>Takes note that it was told again.</summary>
    public void Refresh(long time, long until)
    {
        Time = Math.Max(Time, time);
        Until = Math.Max(Until, until);
    }

    /// <summary>Takes a name in place of the one before.</summary>
    public void Set(ulong upper, ulong lower, int bytes, ReadOnlySpan<byte> name, long time, long until)
    {
        (_upper, _lower, _addressBytes) = (upper, lower, (byte)bytes);
        (Time, Until, Length) = (time, until, (byte)name.Length);
        Generation = (ushort)Math.Max((ushort)(Generation + 1), (ushort)1);
        fixed (byte* to = _name)
        {
            name.CopyTo(new Span<byte>(to, MaxLength));
        }
    }
}
