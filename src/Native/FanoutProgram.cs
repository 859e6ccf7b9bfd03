namespace FlowMeter.Native;

/// <summary>
/// A classic BPF program that gives a frame a number by the addresses of its two ends, the same for both directions: their exclusive or,
/// mixed. It counts from the network header, so the link type does not matter, and looks behind one VLAN tag that is still in the frame
/// (the kernel takes off the outer one) and behind PPPoE. Everything else has the number 0.
/// </summary>
internal static class FanoutProgram
{
    // Offsets that Linux takes as: from the network header on; what the kernel knows of the frame, its EtherType.
    private const uint Network = unchecked((uint)-0x100000);
    private const uint EtherType = unchecked((uint)-0x1000);

    // Knuth's multiplier: the upper half of a product depends on all bits of the sum.
    private const uint Multiplier = 2654435761;

    private const ushort Load = 0x20; // ld [k]
    private const ushort LoadHalf = 0x28; // ldh [k]
    private const ushort LoadAtX = 0x40; // ld [x + k]
    private const ushort SetX = 0x01; // ldx #k
    private const ushort LoadXFromMemory = 0x61; // ldx M[k]
    private const ushort Store = 0x02; // st M[k]
    private const ushort StoreX = 0x03; // stx M[k]
    private const ushort XorX = 0xAC; // xor x
    private const ushort Multiply = 0x24; // mul #k
    private const ushort ShiftRight = 0x74; // rsh #k
    private const ushort JumpIfEqual = 0x15; // jeq #k
    private const ushort Jump = 0x05; // ja k
    private const ushort ReturnA = 0x16; // ret a
    private const ushort ReturnK = 0x06; // ret #k

    /// <summary>The program; the kernel takes the number modulo the members of the group.</summary>
    public static BpfInstruction[] Program { get; } = Build();

    private static BpfInstruction[] Build()
    {
        BpfInstruction[] v4 = Fold(12, 2);
        BpfInstruction[] v6 = Fold(8, 8);
        List<BpfInstruction> program =
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
        ];
        program.AddRange(v4);
        program.Add(Create(ReturnK, 0));
        program.AddRange(v6);
        return [.. program];
    }

    /// <summary>The exclusive or of <paramref name="words"/> words from <paramref name="first"/> on behind X, mixed and returned.</summary>
    private static BpfInstruction[] Fold(uint first, int words)
    {
        List<BpfInstruction> code = [Create(StoreX, 0), Create(LoadAtX, Network + first), Create(Store, 1)];
        for (int word = 1; word < words; word++)
        {
            code.AddRange(
                [
                    Create(LoadXFromMemory, 0), Create(LoadAtX, Network + first + (uint)(4 * word)), Create(LoadXFromMemory, 1),
                    Create(XorX, 0), Create(Store, 1),
                ]);
        }

        code.AddRange([Create(Multiply, Multiplier), Create(ShiftRight, 16), Create(ReturnA, 0)]);
        return [.. code];
    }

    private static BpfInstruction Create(ushort code, uint operand, byte ifTrue = 0, byte ifFalse = 0) =>
        new() { Code = code, JumpTrue = ifTrue, JumpFalse = ifFalse, Operand = operand };
}
