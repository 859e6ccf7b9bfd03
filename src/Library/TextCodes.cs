using FlowMeter.Engine.Export;

namespace FlowMeter.Library;

/// <summary>The distinct texts of a column, for who makes an object of each.</summary>
internal static unsafe class TextCodes
{
    [ThreadStatic]
    private static ColumnDictionary? s_dictionary;

    /// <summary>Finds them.</summary>
    /// <param name="texts">A column of texts of a batch of ours.</param>
    /// <param name="codes">Receives for each row that has a text the place of its text among the distinct ones.</param>
    /// <param name="firsts">Receives for each distinct text the row that has it first.</param>
    /// <returns>How many are distinct; -1 where they are so many that it is no help.</returns>
    public static int Find(CArray* texts, int* codes, int* firsts)
    {
        int rows = (int)texts->Length;
        ReadOnlySpan<int> offsets = new(texts->Buffers[1], rows + 1);
        s_dictionary ??= new ColumnDictionary();
        if (!s_dictionary.TryBuild(new ReadOnlySpan<byte>(texts->Buffers[2], offsets[rows]), offsets))
        {
            return -1;
        }

        int given = rows - (int)texts->NullCount;
        s_dictionary.Places(given).CopyTo(new Span<int>(codes, given));
        ReadOnlySpan<int> distinct = s_dictionary.Firsts;
        distinct.CopyTo(new Span<int>(firsts, distinct.Length));
        return distinct.Length;
    }
}
