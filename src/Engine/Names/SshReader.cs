namespace FlowMeter.Engine.Names;

/// <summary>Reads the identification that both ends of an SSH connection begin with (RFC 4253 §4.2).</summary>
internal static class SshReader
{
    // With the line's end; who sends more is not SSH.
    private const int MaxLine = 255;

    /// <summary>Reads the beginning of a stream.</summary>
    /// <param name="to">Where names go.</param>
    /// <param name="bytes">The stream's first bytes, which begin with <c>SSH-</c>.</param>
    /// <param name="isForward">Whether the flow's source sent them.</param>
    /// <param name="isLast">Whether no more will come.</param>
    public static ReadResult Read(in FlowNaming to, ReadOnlySpan<byte> bytes, bool isForward, bool isLast)
    {
        to.Is(Application.Ssh);
        ReadOnlySpan<byte> line = bytes[..Math.Min(bytes.Length, MaxLine)];
        int end = line.IndexOf((byte)'\n');
        if (end < 0 && !isLast && bytes.Length < MaxLine)
        {
            return ReadResult.More;
        }

        to.Add(isForward ? NameField.SshClient : NameField.SshServer, (end < 0 ? line : line[..end]).TrimEnd((byte)'\r'));
        return ReadResult.Read;
    }
}
