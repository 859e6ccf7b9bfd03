using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace FlowMeter.Engine.Ciphers;

/// <summary>The processor's own round, where <see cref="IsSupported"/>.</summary>
internal readonly struct AesInstruction : IAesRound
{
    /// <summary>Whether this processor has one. ARM leaves it to the maker: a Raspberry Pi 4 has none.</summary>
    public static bool IsSupported => X86Aes.IsSupported || ArmAes.IsSupported;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Apply(Vector128<byte> state, Vector128<byte> key) =>
        // AESE adds a key before its SubBytes, AESENC after MixColumns: nothing is added before, and the key after. The question about
        // AdvSimd is answered when the program is compiled, that about Aes when it runs.
        AdvSimd.IsSupported
            ? ArmAes.MixColumns(ArmAes.Encrypt(state, Vector128<byte>.Zero)) ^ key
            : X86Aes.Encrypt(state, key);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ApplyLast(Vector128<byte> state, Vector128<byte> key) =>
        AdvSimd.IsSupported ? ArmAes.Encrypt(state, Vector128<byte>.Zero) ^ key : X86Aes.EncryptLast(state, key);
}
