using System.Globalization;
using System.Text;

namespace FlowMeter.Cli.Shell;

/// <summary>
/// A message as a line of the log. Names and values of strangers stand in it, of files, tables and models: they must not begin a line that
/// looks like one of ours, give orders to a terminal, or fill the log.
/// </summary>
internal static class MessageLine
{
    private const int Longest = 4000;

    /// <summary>
    /// The message with its line breaks as blanks and what a terminal obeys as its number; cut where it is longer than anybody reads.
    /// </summary>
    public static string From(string message)
    {
        ReadOnlySpan<char> shown = message.AsSpan(0, Math.Min(message.Length, Longest));
        StringBuilder line = new(shown.Length);
        foreach (char c in shown)
        {
            if (c is '\n' or '\r' or '\t')
            {
                line.Append(' ');
            }
            else if (IsObeyed(c))
            {
                line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            }
            else
            {
                line.Append(c);
            }
        }

        return shown.Length < message.Length ? line.Append("...").ToString() : line.ToString();
    }

    /// <summary>Control characters, line and paragraph separators, and those that turn the direction of text.</summary>
    private static bool IsObeyed(char c) => char.IsControl(c) || c is '\u2028' or '\u2029' or '\u061C' or '\u200E' or '\u200F'
        or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
