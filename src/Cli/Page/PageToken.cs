using FlowMeter.Cli.Http;

namespace FlowMeter.Cli.Page;

/// <summary>What a viewer has to show.</summary>
/// <param name="Text">The token.</param>
/// <param name="IsMade">Whether it was made for this run, so that nobody knows it yet.</param>
internal sealed record PageToken(string Text, bool IsMade)
{
    private const int MinLength = 16;
    private const int MaxLength = 256;

    /// <summary>Makes one of 244 random bits, which the system gives through the runtime's GUIDs.</summary>
    public static PageToken Make() => new($"{Guid.NewGuid():N}{Guid.NewGuid():N}", IsMade: true);

    /// <summary>Reads one: the first line of a file.</summary>
    /// <exception cref="ListenException">The file can not be read, or has none.</exception>
    public static PageToken Read(string path)
    {
        string line;
        try
        {
            line = File.ReadLines(path).FirstOrDefault("").Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ListenException($"--page-token-file {path}: {e.Message.TrimEnd('.')}; name a file that can be read.");
        }

        return line.Length is >= MinLength and <= MaxLength && line.All(char.IsAsciiLetterOrDigit)
            ? new PageToken(line, IsMade: false)
            : throw new ListenException($"--page-token-file {path}: the first line is no token; write {MinLength} to {MaxLength} letters "
                + "and digits, as head -c 24 /dev/urandom | base64 | tr -dc A-Za-z0-9 makes them.");
    }
}
