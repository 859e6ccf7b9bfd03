namespace FlowMeter.Cli.Top;

/// <summary>The keys of <c>flowmeter top</c>.</summary>
internal static class TopKeys
{
    /// <summary>What there is to press.</summary>
    public static IReadOnlyList<(string Key, string Meaning)> All { get; } =
    [
        ("s, right arrow", "sort suspicious flows by the next column"),
        ("left arrow", "sort them by the column before"),
        ("r, up or down arrow", "sort them the other way"),
        ("p, space", "hold the picture; packets are metered all the same"),
        ("?, h", "show these keys, or the flows again"),
        ("q", "leave"),
    ];

    /// <summary>Reads what was typed. Of what is no key of ours nothing comes.</summary>
    public static IEnumerable<TopKey> Read(byte[] typed)
    {
        for (int i = 0; i < typed.Length; i++)
        {
            // An arrow is ESC [ A or ESC O A.
            bool isSequence = typed[i] == 0x1b && i + 2 < typed.Length && typed[i + 1] is (byte)'[' or (byte)'O';
            TopKey key = isSequence ? OfArrow(typed[i + 2]) : OfLetter(typed[i]);
            i += isSequence ? 2 : 0;
            if (key != TopKey.None)
            {
                yield return key;
            }
        }
    }

    private static TopKey OfArrow(byte last) => last switch
    {
        (byte)'A' or (byte)'B' => TopKey.Reverse,
        (byte)'C' => TopKey.NextOrder,
        (byte)'D' => TopKey.PreviousOrder,
        _ => TopKey.None,
    };

    private static TopKey OfLetter(byte letter) => letter switch
    {
        (byte)'q' or (byte)'Q' => TopKey.Quit,
        (byte)'s' => TopKey.NextOrder,
        (byte)'S' => TopKey.PreviousOrder,
        (byte)'r' => TopKey.Reverse,
        (byte)'p' or (byte)' ' => TopKey.Pause,
        (byte)'?' or (byte)'h' => TopKey.Help,
        _ => TopKey.None,
    };
}
