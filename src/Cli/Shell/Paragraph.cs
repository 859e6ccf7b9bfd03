namespace FlowMeter.Cli.Shell;

/// <summary>Text for a terminal of a known width.</summary>
internal static class Paragraph
{
    /// <summary>Text in lines of at most so many characters; a longer word has a line of its own.</summary>
    public static IEnumerable<string> Lines(string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line += line.Length == 0 ? word : " " + word;
        }

        yield return line;
    }
}
