using System.CommandLine;
using System.CommandLine.Parsing;

namespace FlowMeter.Cli.Options;

/// <summary>Options and arguments that take one of a few words.</summary>
internal static class Choice
{
    /// <summary>Takes these words only, and completes them.</summary>
    public static void AcceptOnly(this Option option, params string[] words)
    {
        option.Validators.Add(result => Check(result, option.Name, words));
        option.Complete(() => words);
    }

    /// <summary>Takes these words only, and completes them.</summary>
    public static void AcceptOnly(this Argument argument, params string[] words)
    {
        argument.Validators.Add(result => Check(result, argument.Name, words));
        argument.CompletionSources.Add(words);
    }

    /// <summary>Completes words, though others are taken, too.</summary>
    public static void Complete(this Option option, Func<IEnumerable<string>> words) => option.CompletionSources.Add(_ => words());

    private static void Check(SymbolResult result, string name, string[] words)
    {
        if (result.Tokens.FirstOrDefault(token => !words.Contains(token.Value)) is { } wrong)
        {
            string meant = NearestWord.Find(wrong.Value, words) is { } nearest ? $"; did you mean {nearest}?" : ".";
            result.AddError($"{name} {wrong.Value}: is not "
                + $"{(words.Length == 1 ? words[0] : $"{string.Join(", ", words[..^1])} or {words[^1]}")}{meant}");
        }
    }
}
