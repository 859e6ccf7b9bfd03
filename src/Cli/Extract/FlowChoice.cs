using System.Globalization;

namespace FlowMeter.Cli.Extract;

/// <summary>A flow that was asked for.</summary>
/// <param name="Row">The number of its row, from 1; null where it is asked for by its ID.</param>
/// <param name="CommunityId">Its Community ID; null where it is asked for by its row.</param>
internal sealed record FlowChoice(long? Row, string? CommunityId)
{
    private const string IdVersion = "1:";
    private const int DigestLength = 20;

    /// <summary>Reads a row or a Community ID; null for what is neither.</summary>
    public static FlowChoice? Parse(string text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long row))
        {
            return row > 0 ? new FlowChoice(row, null) : null;
        }

        Span<byte> digest = stackalloc byte[DigestLength];
        return text.StartsWith(IdVersion, StringComparison.Ordinal)
            && Convert.TryFromBase64String(text[IdVersion.Length..], digest, out int length) && length == DigestLength
            && text == IdVersion + Convert.ToBase64String(digest) ? new FlowChoice(null, text) : null;
    }

    /// <inheritdoc/>
    public override string ToString() => CommunityId ?? Row!.Value.ToString(CultureInfo.InvariantCulture);
}
