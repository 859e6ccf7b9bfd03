using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace FlowMeter.Tests.Rules;

/// <summary>
/// Which rooms the types of each room refer to, by what the compiler wrote: bases, fields, signatures and the instructions of all methods.
/// A room is a namespace without the name of the product.
/// </summary>
internal static class TypeMap
{
    private const string Product = "FlowMeter.";
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance
        | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<ushort, OpCode> s_codes = typeof(OpCodes).GetFields().Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (ushort)code.Value);

    /// <summary>Reads assemblies.</summary>
    /// <returns>For each pair of different rooms a reference from the one to the other, as <c>type → type</c>.</returns>
    public static SortedDictionary<(string From, string To), string> Read(IEnumerable<Assembly> assemblies)
    {
        SortedDictionary<(string, string), string> map = [];
        foreach (Type type in assemblies.SelectMany(assembly => assembly.GetTypes()))
        {
            foreach (Type other in ReferencesOf(type).SelectMany(Parts))
            {
                if (RoomOf(type) is { } from && RoomOf(other) is { } to && from != to)
                {
                    map.TryAdd((from, to), $"{Outermost(type).Name} → {Outermost(other).Name}");
                }
            }
        }

        return map;
    }

    private static string? RoomOf(Type type) =>
        Outermost(type).Namespace is { } name && name.StartsWith(Product, StringComparison.Ordinal) ? name[Product.Length..] : null;

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    /// <summary>A type without pointers and arrays around it, and its arguments.</summary>
    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsFunctionPointer ? type.GetFunctionPointerParameterTypes().Append(type.GetFunctionPointerReturnType()).SelectMany(Parts)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type)
        : [type];

    private static IEnumerable<Type> ReferencesOf(Type type)
    {
        IEnumerable<MethodBase> methods = [.. type.GetMethods(All), .. type.GetConstructors(All)];
        return
        [
            .. type.BaseType is { } parent ? [parent] : Array.Empty<Type>(),
            .. type.GetInterfaces(),
            .. type.GetGenericArguments().SelectMany(argument => argument.GetGenericParameterConstraints()),
            .. type.GetFields(All).Select(field => field.FieldType),
            .. methods.SelectMany(method => method.GetParameters()).Select(parameter => parameter.ParameterType),
            .. methods.OfType<MethodInfo>().Select(method => method.ReturnType),
            .. methods.SelectMany(InstructionsOf),
        ];
    }

    /// <summary>The types that a method's instructions and variables name.</summary>
    private static IEnumerable<Type> InstructionsOf(MethodBase method)
    {
        if (method.GetMethodBody() is not { } body)
        {
            return [];
        }

        List<Type> types = [.. body.LocalVariables.Select(variable => variable.LocalType)];
        Type[] typeArguments = method.DeclaringType!.GetGenericArguments();
        Type[] methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        byte[] bytes = body.GetILAsByteArray()!;
        for (int at = 0; at < bytes.Length;)
        {
            ushort value = bytes[at] == 0xFE ? (ushort)(0xFE00 | bytes[at + 1]) : bytes[at];
            at += value > 0xFF ? 2 : 1;
            OperandType operand = s_codes[value].OperandType;
            if (operand is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
            {
                MemberInfo member = method.Module.ResolveMember(
                    BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at)), typeArguments, methodArguments)!;
                types.AddRange(member is Type type ? [type] : [member.DeclaringType!]);
                types.AddRange(member is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericArguments() : []);
            }

            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at))),
                _ => 4,
            };
        }

        return types;
    }
}
