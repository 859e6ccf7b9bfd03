using System.Runtime.InteropServices;
using System.Text;

namespace FlowMeter.Library;

/// <summary>Text as C has it: UTF-8 with a zero behind it.</summary>
internal static unsafe class NativeText
{
    /// <summary>Makes a text, which <see cref="Free"/> frees.</summary>
    public static byte* From(ReadOnlySpan<char> text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        byte* bytes = (byte*)NativeMemory.Alloc((nuint)length + 1);
        Encoding.UTF8.GetBytes(text, new Span<byte>(bytes, length));
        bytes[length] = 0;
        return bytes;
    }

    /// <summary>Frees a text; null is allowed.</summary>
    public static void Free(byte* text) => NativeMemory.Free(text);

    /// <summary>Reads a text.</summary>
    public static string Read(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    /// <summary>Reads several.</summary>
    public static string[] Read(byte** texts, int count)
    {
        string[] read = new string[count];
        for (int i = 0; i < count; i++)
        {
            read[i] = Read(texts[i]);
        }

        return read;
    }
}
