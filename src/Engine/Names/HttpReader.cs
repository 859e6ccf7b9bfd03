namespace FlowMeter.Engine.Names;

/// <summary>
/// Reads the heads of HTTP/1 messages (RFC 9112): method, host and user agent of the first request, status of the first answer.
/// </summary>
internal static class HttpReader
{
    private const int MinStatusLine = 12;
    private const int MaxMethod = 17;

    /// <summary>Whether bytes may be a request: a word of capitals, a space, and what is known of the rest.</summary>
    public static bool MayBeRequest(ReadOnlySpan<byte> bytes)
    {
        int space = bytes[..Math.Min(bytes.Length, MaxMethod)].IndexOf((byte)' ');
        ReadOnlySpan<byte> method = space < 0 ? bytes[..Math.Min(bytes.Length, MaxMethod)] : bytes[..space];
        if (method.Length is < 1 or >= MaxMethod)
        {
            return false;
        }

        if (space < 0)
        {
            return StartsLikeMethod(method);
        }

        int end = bytes.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? bytes : bytes[..end];
        bool hasVersion = line.IndexOf(" HTTP/1."u8) > 0 || line.IndexOf(" HTTP/2.0"u8) > 0;
        return IsMethod(method) ? hasVersion || end < 0 || IsSimple(method, bytes[(space + 1)..])
            : hasVersion && method.IndexOfAnyExceptInRange((byte)'-', (byte)'Z') < 0;
    }

    /// <summary>Reads a request that <see cref="MayBeRequest"/>.</summary>
    /// <param name="to">Where names go.</param>
    /// <param name="bytes">The stream from its first byte on.</param>
    /// <param name="isLast">Whether no more will come.</param>
    public static ReadResult ReadRequest(in FlowNaming to, ReadOnlySpan<byte> bytes, bool isLast)
    {
        int space = bytes.IndexOf((byte)' ');
        if (space < 0)
        {
            return ReadResult.More;
        }

        ReadOnlySpan<byte> method = bytes[..space];
        ReadOnlySpan<byte> target = bytes[(space + 1)..];
        target = target[..IndexOrEnd(target, " \r\n"u8)];
        bool isTunnel = method.SequenceEqual("CONNECT"u8);
        bool isProxied = target.StartsWith("http://"u8);
        to.Is(isTunnel ? Application.HttpConnect : isProxied ? Application.HttpProxy : Application.Http);
        to.Add(NameField.HttpMethod, method);
        bool isWhole = ReadFields(in to, bytes);
        if (!isWhole && !isLast)
        {
            return ReadResult.More;
        }

        ReadOnlySpan<byte> authority = isTunnel ? target : isProxied ? target["http://"u8.Length..] : [];
        authority = authority[..IndexOrEnd(authority, "/?#"u8)];

        // Who asks may stand before the host, with a password (RFC 9110 §4.2.4).
        to.Add(NameField.HttpHost, authority[(authority.LastIndexOf((byte)'@') + 1)..]);
        return ReadResult.Read;
    }

    /// <summary>Reads a message of SSDP, which is a head of HTTP in a datagram.</summary>
    public static void ReadDatagram(in FlowNaming to, ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("HTTP/1."u8))
        {
            ReadAnswer(in to, bytes);
        }
        else
        {
            ReadRequest(in to, bytes, isLast: true);
        }
    }

    /// <summary>Reads the status of an answer, the final one where it is there.</summary>
    /// <param name="to">Where names go.</param>
    /// <param name="bytes">The bytes, which begin with <c>HTTP/1.</c>.</param>
    public static ReadResult ReadAnswer(in FlowNaming to, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < MinStatusLine)
        {
            return ReadResult.More;
        }

        ReadOnlySpan<byte> status = StatusIn(bytes);
        to.Is(Application.Http);
        if (status.IsEmpty)
        {
            return ReadResult.Read;
        }

        to.Add(NameField.HttpStatus, status);
        if (IsProvisional(status))
        {
            int end = bytes.IndexOf("\r\n\r\n"u8);
            ReadFinalStatus(in to, end < 0 ? [] : bytes[(end + 4)..]);
        }

        return ReadResult.Read;
    }

    /// <summary>Takes the status of a later answer in place of one that only said that it would come (RFC 9110 §15.2).</summary>
    public static void ReadFinalStatus(in FlowNaming to, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> status = bytes.Length >= MinStatusLine && bytes.StartsWith("HTTP/1."u8) ? StatusIn(bytes) : [];
        if (!status.IsEmpty)
        {
            to.Replace(NameField.HttpStatus, status);
        }
    }

    /// <summary>Whether a status says that another one will come: 100 to 199, but not the switch to another protocol.</summary>
    public static bool IsProvisional(ReadOnlySpan<byte> status) =>
        !status.IsEmpty && status[0] == '1' && !status.SequenceEqual("101"u8);

    private static ReadOnlySpan<byte> StatusIn(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> status = bytes.Slice(MinStatusLine - 3, 3);
        return bytes[MinStatusLine - 4] == ' ' && status.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 ? status : [];
    }

    /// <summary>Takes Host and User-Agent.</summary>
    /// <returns>Whether both were there, or the head is whole.</returns>
    private static bool ReadFields(in FlowNaming to, ReadOnlySpan<byte> bytes)
    {
        bool hasHost = false, hasAgent = false;
        int end = bytes.IndexOf((byte)'\n');
        while (end >= 0)
        {
            bytes = bytes[(end + 1)..];
            end = bytes.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? [] : bytes[..end].TrimEnd((byte)'\r');
            if (end >= 0 && line.IsEmpty)
            {
                return true;
            }

            if (!hasHost && TryField(line, "host:"u8, out ReadOnlySpan<byte> host))
            {
                hasHost = true;
                to.Add(NameField.HttpHost, host);
            }
            else if (!hasAgent && TryField(line, "user-agent:"u8, out ReadOnlySpan<byte> agent))
            {
                hasAgent = true;
                to.Add(NameField.UserAgent, agent);
            }

            if (hasHost && hasAgent)
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryField(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (line.Length < name.Length || line[name.Length - 1] != ':')
        {
            return false;
        }

        for (int i = 0; i < name.Length; i++)
        {
            byte letter = line[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(line[i] | 0x20) : line[i];
            if (letter != name[i])
            {
                return false;
            }
        }

        value = line[name.Length..].Trim(" \t"u8);
        return true;
    }

    private static int IndexOrEnd(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> ends)
    {
        int at = bytes.IndexOfAny(ends);
        return at < 0 ? bytes.Length : at;
    }

    /// <summary>HTTP/0.9: a line without a version.</summary>
    private static bool IsSimple(ReadOnlySpan<byte> method, ReadOnlySpan<byte> target) =>
        method.SequenceEqual("GET"u8) && !target.IsEmpty && target[0] == '/';

    private static bool IsMethod(ReadOnlySpan<byte> word) => word.Length switch
    {
        3 => word.SequenceEqual("GET"u8) || word.SequenceEqual("PUT"u8) || word.SequenceEqual("PRI"u8),
        4 => word.SequenceEqual("POST"u8) || word.SequenceEqual("HEAD"u8),
        5 => word.SequenceEqual("PATCH"u8) || word.SequenceEqual("TRACE"u8),
        6 => word.SequenceEqual("DELETE"u8),
        7 => word.SequenceEqual("OPTIONS"u8) || word.SequenceEqual("CONNECT"u8),
        8 => word.SequenceEqual("PROPFIND"u8),
        _ => false,
    };

    /// <summary>Whether bytes that end too early may be the beginning of a usual method.</summary>
    private static bool StartsLikeMethod(ReadOnlySpan<byte> bytes) =>
        "GET"u8.StartsWith(bytes) || "POST"u8.StartsWith(bytes) || "PUT"u8.StartsWith(bytes) || "HEAD"u8.StartsWith(bytes)
        || "OPTIONS"u8.StartsWith(bytes) || "DELETE"u8.StartsWith(bytes) || "CONNECT"u8.StartsWith(bytes);
}
