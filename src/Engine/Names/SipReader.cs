namespace FlowMeter.Engine.Names;

/// <summary>Reads the first line of a SIP message (RFC 3261 §7).</summary>
internal static class SipReader
{
    private const int MaxMethod = 12;
    private const int StatusLength = 3;

    /// <summary>Reads a message, over UDP or TCP.</summary>
    /// <returns>False where it is none.</returns>
    public static bool TryRead(in FlowNaming to, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> answer = "SIP/2.0 "u8;
        if (bytes.IsEmpty || bytes[0] is < (byte)'A' or > (byte)'Z')
        {
            return false;
        }

        if (bytes.StartsWith(answer))
        {
            to.Is(Application.Sip);
            ReadOnlySpan<byte> status = bytes[answer.Length..];
            status = status[..Math.Min(status.Length, StatusLength)];
            to.Add(NameField.SipMethod, status.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 ? status : []);
            return true;
        }

        int space = bytes[..Math.Min(bytes.Length, MaxMethod)].IndexOf((byte)' ');
        ReadOnlySpan<byte> target = space < 1 ? [] : bytes[(space + 1)..];
        if (!target.StartsWith("sip:"u8) && !target.StartsWith("sips:"u8) && !target.StartsWith("tel:"u8))
        {
            return false;
        }

        to.Is(Application.Sip);
        to.Add(NameField.SipMethod, bytes[..space]);
        return true;
    }
}
