using FlowMeter.Learning.Training;

namespace FlowMeter.Cli.Learn;

/// <summary>
/// Moves files that stand behind the several values of an option (<c>train --penalty l1 l2 table.csv</c>) before all options: the parser
/// would take every word up to the next option for one more value.
/// </summary>
internal static class FilesFirst
{
    private static readonly Dictionary<string, Func<string, bool>> s_values = new()
    {
        ["--penalty"] = word => word is "l1" or "l2",
        ["--class-weight"] = word => ClassWeight.Parse(word) != null,
        ["--C"] = word => TrainCommand.NumberOf(word) != null,
        ["--transform"] = word =>
            word.LastIndexOf('=') is var at && word[(at + 1)..] is "auto" || TransformChoice.Parse(word[(at + 1)..]) != null,
        ["--feature-groups"] = word => word is "auto" or FeatureGroup.All || word.Split('+').All(FeatureGroup.Names.Contains),
        ["--pairs"] = word => word.All(char.IsAsciiDigit),
        ["--force-feature"] = _ => false,
    };

    /// <summary>The words in an order that the parser reads as they were meant.</summary>
    public static IReadOnlyList<string> Reorder(IReadOnlyList<string> words)
    {
        if (words.Count == 0 || words[0] != "train")
        {
            return words;
        }

        List<string> files = [];
        List<string> others = [];
        Func<string, bool>? isValue = null;
        bool isFirst = false;
        bool isBehind = false;
        foreach ((int i, string word) in words.Index().Skip(1))
        {
            if (word == "--")
            {
                others.AddRange(words.Skip(i));
                break;
            }

            if (word.Length > 1 && word[0] == '-')
            {
                string name = word.Split('=', ':')[0];
                isValue = s_values.GetValueOrDefault(name);
                isFirst = name.Length == word.Length;
                isBehind = false;
                others.Add(word);
                continue;
            }

            // The word behind an option is its value, right or wrong; of later ones, what is no value but looks like a file is one, and so
            // is all that follows.
            isBehind |= isValue != null && !isFirst && !isValue(word) && LooksLikeFile(word);
            isFirst = false;
            (isBehind ? files : others).Add(word);
        }

        return ["train", .. files, .. others];
    }

    private static bool LooksLikeFile(string word) => word == "-" || word.AsSpan().ContainsAny('.', '/', '\\') || File.Exists(word);
}
