using System.Buffers.Binary;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Memory;

namespace FlowMeter.Engine.Names;

/// <summary>
/// What hosts were called lately, by the answers of name servers and by what hosts say of themselves. A name holds as long as its message
/// said, but at least ten minutes, since programs go on with an address, and at most a day. The newest 65,536 names or so are remembered;
/// 20 MB at most.
/// </summary>
/// <remarks>For one thread at a time, unless <c>isShared</c>: then a lock admits one after the other.</remarks>
internal sealed unsafe class HostNames : AnsweredNames, IDisposable
{
    /// <summary>No name.</summary>
    public const uint None = 0;

    private const int Ways = 8;
    private const long Second = 1_000_000_000;
    private const long Shortest = 600 * Second;
    private const long Longest = 86_400 * Second;

    private readonly FlowHash _hash = new();
    private readonly NativeColumn<HostName> _names;
    private readonly uint _sets;
    private readonly Lock? _lock;
    private volatile bool _hasAny;

    /// <summary>Makes a memory without names.</summary>
    /// <param name="isShared">Whether several threads use it.</param>
    /// <param name="names">Names that it holds, a power of two from 8 to 65,536.</param>
    public HostNames(bool isShared, int names = 1 << 16)
    {
        _names = new NativeColumn<HostName>(names);
        _sets = (uint)(names / Ways);
        _lock = isShared ? new Lock() : null;
    }

    /// <summary>Whether any name was ever told.</summary>
    public bool HasAny => _hasAny;

    /// <inheritdoc/>
    public override void Add(ReadOnlySpan<byte> address, ReadOnlySpan<byte> name, long time, uint ttl)
    {
        if (name.IsEmpty)
        {
            return;
        }

        (ulong upper, ulong lower) = WordsOf(address);
        long until = time + Math.Clamp(ttl * Second, Shortest, Longest);
        name = name[..Math.Min(name.Length, HostName.MaxLength)];
        _lock?.Enter();
        try
        {
            HostName* set = SetOf(upper, lower, address.Length, out _);
            HostName* oldest = set;
            for (HostName* at = set; at < set + Ways; at++)
            {
                if (at->Is(upper, lower, address.Length) && at->Name.SequenceEqual(name))
                {
                    at->Refresh(time, until);
                    return;
                }

                oldest = at->Time < oldest->Time || at->Length == 0 ? at : oldest;
                if (at->Length == 0)
                {
                    break;
                }
            }

            oldest->Set(upper, lower, address.Length, name, time, until);
            _hasAny = true;
        }
        finally
        {
            _lock?.Exit();
        }
    }

    /// <summary>The newest name of an address that holds at a time; <see cref="None"/> where there is none.</summary>
    /// <param name="address">The address as on the wire: 4 or 16 bytes.</param>
    /// <param name="time">The time, ns since 1970.</param>
    public uint Find(ReadOnlySpan<byte> address, long time)
    {
        (ulong upper, ulong lower) = WordsOf(address);
        _lock?.Enter();
        try
        {
            HostName* set = SetOf(upper, lower, address.Length, out uint first);
            HostName* newest = null;
            for (HostName* at = set; at < set + Ways; at++)
            {
                if (at->Is(upper, lower, address.Length) && time <= at->Until && (newest == null || at->Time > newest->Time))
                {
                    newest = at;
                }
            }

            return newest == null ? None : ((uint)newest->Generation << 16) | (first + (uint)(newest - set));
        }
        finally
        {
            _lock?.Exit();
        }
    }

    /// <summary>Copies a name that was found, unless newer ones took its place since.</summary>
    /// <param name="found">What <see cref="Find"/> gave.</param>
    /// <param name="address">The address that it was found for.</param>
    /// <param name="name">Room for <see cref="HostName.MaxLength"/> bytes.</param>
    /// <returns>The name's length; 0 where it is gone, or none was found.</returns>
    public int Copy(uint found, ReadOnlySpan<byte> address, Span<byte> name)
    {
        if (found == None)
        {
            return 0;
        }

        (ulong upper, ulong lower) = WordsOf(address);
        _lock?.Enter();
        try
        {
            HostName* at = _names.First + (ushort)found;
            if (at->Generation != found >> 16 || !at->Is(upper, lower, address.Length))
            {
                return 0;
            }

            at->Name.CopyTo(name);
            return at->Length;
        }
        finally
        {
            _lock?.Exit();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _names.Dispose();

    private static (ulong Upper, ulong Lower) WordsOf(ReadOnlySpan<byte> address) => address.Length == 4
        ? (0, BinaryPrimitives.ReadUInt32BigEndian(address))
        : (BinaryPrimitives.ReadUInt64BigEndian(address), BinaryPrimitives.ReadUInt64BigEndian(address[8..]));

    private HostName* SetOf(ulong upper, ulong lower, int bytes, out uint first)
    {
        FlowKey key = new(upper, lower, 0, 0, (ulong)bytes);
        first = (uint)_hash.Compute(in key) % _sets * Ways;
        return _names.First + first;
    }
}
