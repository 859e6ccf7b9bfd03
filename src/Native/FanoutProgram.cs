using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary>
/// A classic BPF program that gives a frame a number by the addresses of its two ends, the same for both directions: the sum of the two,
/// each mixed under a random key before. Without the key nobody can choose addresses that all get one number. It counts from the network
/// header, so the link type does not matter, and looks behind one VLAN tag that is still in the frame (the kernel takes off the outer one)
/// and behind PPPoE. Everything else has the number 0.
/// </summary>
internal sealed class FanoutProgram
{
    /// <summary>Words of a key.</summary>
    public const int KeyLength = 8;

    // Offsets that Linux takes as: from the network header on; what the kernel knows of the frame, its EtherType.
    private const uint Network = unchecked((uint)-0x100000);
    private const uint EtherType = unchecked((uint)-0x1000);

    private const ushort Load = 0x20; // ld [k]
    private const ushort LoadHalf = 0x28; // ldh [k]
    private const ushort LoadAtX = 0x40; // ld [x + k]
    private const ushort SetX = 0x01; // ldx #k
    private const ushort LoadXFromMemory = 0x61; // ldx M[k]
    private const ushort Store = 0x02; // st M[k]
    private const ushort StoreX = 0x03; // stx M[k]
    private const ushort Add = 0x0C; // add x
    private const ushort Xor = 0xA4; // xor #k
    private const ushort XorX = 0xAC; // xor x
    private const ushort Multiply = 0x24; // mul #k
    private const ushort ShiftRight = 0x74; // rsh #k
    private const ushort CopyToX = 0x07; // tax
    private const ushort JumpIfEqual = 0x15; // jeq #k
    private const ushort Jump = 0x05; // ja k
    private const ushort ReturnA = 0x16; // ret a
    private const ushort ReturnK = 0x06; // ret #k

    // Places of the scratch memory: where the network header's content begins behind tags, the address being mixed, the first one.
    private const uint Begin = 0;
    private const uint Mixed = 1;
    private const uint FirstMixed = 2;

    private readonly uint[] _key;

    /// <summary>Makes the program for a random key.</summary>
    public FanoutProgram()
        : this(RandomKey())
    {
    }

    /// <summary>Makes the program for a key.</summary>
    /// <param name="key"><see cref="KeyLength"/> words: one that is added, then multipliers, of which the lowest bit counts as set.</param>
    public FanoutProgram(ReadOnlySpan<uint> key)
    {
        _key = key.ToArray();
        Instructions = Build();
    }

    /// <summary>The program; the kernel takes the number modulo the members of the group.</summary>
    public BpfInstruction[] Instructions { get; }

    private uint LastOfAddress => _key[KeyLength - 2] | 1;

    private uint LastOfAll => _key[KeyLength - 1] | 1;

    // RandomNumberGenerator would load OpenSSL, which a sensor need not have; these are from the system's secure generator as well.
    private static uint[] RandomKey() => [.. MemoryMarshal.Cast<byte, uint>(
        (ReadOnlySpan<byte>)[.. Guid.NewGuid().ToByteArray(), .. Guid.NewGuid().ToByteArray()])];

    private BpfInstruction[] Build()
    {
        BpfInstruction[] v4 = Mix(12, 1);
        BpfInstruction[] v6 = Mix(8, 4);
        return
        [
            Create(SetX, 0),
            Create(Load, EtherType),
            Create(JumpIfEqual, 0x8100, ifTrue: 2),
            Create(JumpIfEqual, 0x88A8, ifTrue: 1),
            Create(JumpIfEqual, 0x8864, ifTrue: 3, ifFalse: 7),
            Create(SetX, 4),
            Create(LoadHalf, Network + 2),
            Create(Jump, 4),
            Create(SetX, 8),
            Create(LoadHalf, Network + 6),
            Create(JumpIfEqual, 0x0021, ifTrue: 4),
            Create(JumpIfEqual, 0x0057, ifTrue: 2),
            Create(JumpIfEqual, 0x0800, ifTrue: 2),
            Create(JumpIfEqual, 0x86DD, ifTrue: 0, ifFalse: (byte)(1 + v4.Length)),
            Create(Jump, (uint)(v4.Length + 1)),
            .. v4,
            Create(ReturnK, 0),
            .. v6,
        ];
    }

    /// <summary>Mixes two addresses of so many words from <paramref name="first"/> on behind X, and returns the number of both.</summary>
    private BpfInstruction[] Mix(uint first, uint words) =>
    [
        Create(StoreX, Begin),
        .. MixAddress(first, words),
        Create(Store, FirstMixed),
        .. MixAddress(first + (4 * words), words),
        Create(LoadXFromMemory, FirstMixed), Create(Add, 0),
        .. Shifted(), Create(Multiply, LastOfAll), Create(ShiftRight, 16), Create(ReturnA, 0),
    ];

    /// <summary>
    /// A = the address mixed: word by word h = (h ^ word) · multiplier; h = h ^ (h &gt;&gt; 16), and another multiplication at the end.
    /// </summary>
    private IEnumerable<BpfInstruction> MixAddress(uint first, uint words)
    {
        for (uint word = 0; word < words; word++)
        {
            yield return Create(LoadXFromMemory, Begin);
            yield return Create(LoadAtX, Network + first + (4 * word));
            if (word == 0)
            {
                yield return Create(Xor, _key[0]);
            }
            else
            {
                yield return Create(LoadXFromMemory, Mixed);
                yield return Create(XorX, 0);
            }

            yield return Create(Multiply, _key[1 + word] | 1);
            foreach (BpfInstruction instruction in Shifted())
            {
                yield return instruction;
            }

            yield return Create(Store, Mixed);
        }

        yield return Create(Multiply, LastOfAddress);
    }

    /// <summary>A = A ^ (A &gt;&gt; 16).</summary>
    private static BpfInstruction[] Shifted() => [Create(CopyToX, 0), Create(ShiftRight, 16), Create(XorX, 0)];

    private static BpfInstruction Create(ushort code, uint operand, byte ifTrue = 0, byte ifFalse = 0) =>
        new() { Code = code, JumpTrue = ifTrue, JumpFalse = ifFalse, Operand = operand };
}
