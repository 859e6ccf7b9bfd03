using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;

namespace FlowMeter.Engine.Ciphers;

/// <summary>The processor's own multiplication, where <see cref="IsSupported"/>.</summary>
internal readonly struct CarrylessInstruction : ICarrylessProduct
{
    /// <summary>Whether this processor has one.</summary>
    public static bool IsSupported => Pclmulqdq.IsSupported || ArmAes.IsSupported;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (ulong Low, ulong High) Multiply(ulong a, ulong b)
    {
        Vector128<ulong> product = Pclmulqdq.IsSupported
            ? Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(a), Vector128.CreateScalar(b), 0)
            : ArmAes.PolynomialMultiplyWideningLower(Vector64.CreateScalar(a), Vector64.CreateScalar(b));
        return (product.GetElement(0), product.GetElement(1));
    }
}
