using FlowMeter.Engine.Output;
using FlowMeter.Native;

namespace FlowMeter.Engine.Export;

/// <summary>How a table is written: its format, and how that is compressed.</summary>
/// <param name="Format">The format.</param>
/// <param name="Compression">Its compression; none for what is not text.</param>
public sealed record TableEncoding(TableFormat Format, OutputCompression Compression = OutputCompression.None)
{
    private static readonly (string Ending, OutputCompression Compression)[] s_compressions =
        [(".gz", OutputCompression.Gzip), (".zst", OutputCompression.Zstandard)];

    /// <summary>Plain CSV.</summary>
    public static TableEncoding Csv { get; } = new(TableFormat.Csv);

    /// <summary>How rows of it are told apart.</summary>
    public RowFraming Framing => Compression == OutputCompression.None ? Format.Framing : new CompressedFraming(Compression);

    /// <summary>What the ending of an output's name asks for; CSV where it asks for nothing.</summary>
    /// <param name="path">The output.</param>
    /// <param name="named">The format that the user named; null: none.</param>
    /// <exception cref="FormatException">The two contradict each other; the message is one line about both.</exception>
    /// <exception cref="OutputException">libzstd is needed and not there.</exception>
    public static TableEncoding Of(string path, TableFormat? named)
    {
        (string? ending, OutputCompression compression) =
            s_compressions.FirstOrDefault(known => path.EndsWith(known.Ending, StringComparison.Ordinal));
        string inner = path[..^(ending?.Length ?? 0)];
        TableFormat? ended = TableFormat.All.FirstOrDefault(format => inner.EndsWith(format.Ending, StringComparison.Ordinal));
        if (named != null && ended != null && named != ended)
        {
            throw new FormatException($"{path}: has the ending of {ended.Name}, and --format says {named.Name}; give it the ending "
                + $"{named.Ending}, or leave out --format.");
        }

        TableFormat format = named ?? ended ?? TableFormat.Csv;
        if (compression != OutputCompression.None && !format.IsText)
        {
            throw new FormatException($"{path}: {format.Name} is compressed inside; leave out {ending}.");
        }

        if (compression == OutputCompression.Zstandard)
        {
            try
            {
                ZstandardFrame.Require();
            }
            catch (ZstandardException e)
            {
                throw new OutputException($"{path}: {e.Message}", e);
            }
        }

        return new TableEncoding(format, compression);
    }

    /// <summary>An output that takes plain rows and hands them on as this encoding has them. For one thread at a time.</summary>
    public RowOutput Before(RowOutput output) =>
        Compression == OutputCompression.None ? output : new CompressedOutput(output, Compression, Format.Framing);
}
