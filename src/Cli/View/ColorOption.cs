using System.CommandLine;
using FlowMeter.Cli.Options;

namespace FlowMeter.Cli.View;

/// <summary><c>--color WHEN</c>, of every command that shows a table.</summary>
internal static class ColorOption
{
    /// <summary>Colours, wherever the table goes.</summary>
    public const string Always = "always";

    /// <summary>No colours.</summary>
    public const string Never = "never";

    /// <summary>Colours on a terminal that has them.</summary>
    public const string Auto = "auto";

    /// <summary>The option.</summary>
    public static Option<string> Create()
    {
        Option<string> color = new("--color")
        {
            Description = "Whether the table for people has colours: always, never, or auto, which is on a terminal unless NO_COLOR is "
                + "set. Default: auto.",
            HelpName = "WHEN",
            DefaultValueFactory = _ => Auto,
        };
        color.AcceptOnly(Always, Never, Auto);
        return color;
    }
}
