using System.Runtime.CompilerServices;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Names;

namespace FlowMeter.Engine.Export;

/// <summary>Writes the names of a flow: escaped, so that they are printable ASCII, and quoted as the format has it.</summary>
internal static unsafe class NameCell
{
    /// <summary>Bytes of a value at most: all of a record, a byte of it as <c>\\xHH</c> in JSON, and the words between.</summary>
    public const int MaxLength = MaxEscaped + NameRecord.Size;

    private const int MaxKeys = 256;
    private const int MaxEscaped = (NameRecord.Size * NameText.MaxExpansion) + MaxKeys;

    // What has no column of its own, in the order in which it is written. User agents come last, since they hold semicolons.
    private static readonly (NameField Field, byte[] Key)[] s_details =
    [
        (NameField.TlsVersion, "tls_version="u8.ToArray()),
        (NameField.HttpMethod, "http_method="u8.ToArray()),
        (NameField.DnsType, "dns_type="u8.ToArray()),
        (NameField.SshClient, "ssh_client="u8.ToArray()),
        (NameField.SshServer, "ssh_server="u8.ToArray()),
        (NameField.DhcpHostName, "dhcp_host="u8.ToArray()),
        (NameField.NetbiosName, "netbios_name="u8.ToArray()),
        (NameField.SmbDialect, "smb_dialect="u8.ToArray()),
        (NameField.RdpCookie, "rdp_cookie="u8.ToArray()),
        (NameField.SipMethod, "sip_method="u8.ToArray()),
        (NameField.UserAgent, "user_agent="u8.ToArray()),
    ];

    /// <summary>Writes one of them. Returns the byte after it.</summary>
    /// <param name="at">Room for all bytes of a record, each escaped and quoted.</param>
    /// <param name="source">Which.</param>
    /// <param name="records">The block of the flow.</param>
    /// <param name="i">The flow's number in the block.</param>
    /// <param name="quoting">How the format has it.</param>
    [SkipLocalsInit]
    public static byte* Write(byte* at, ColumnSource source, FlowRecordBlock records, int i, TextQuoting quoting)
    {
        switch (source)
        {
            case ColumnSource.Application:
                return Append(at, ApplicationName.Utf8(records.ApplicationOf(i).Application));
            case ColumnSource.ApplicationBasis:
                return Append(at, records.ApplicationOf(i).Source switch
                {
                    ApplicationSource.Payload => "payload"u8,
                    ApplicationSource.Port => "port"u8,
                    _ => [],
                });
        }

        if (records.AnnotationsOf(i)->Names.Record == NameArena.None)
        {
            return at;
        }

        Span<byte> text = stackalloc byte[MaxEscaped];
        int length = source == ColumnSource.ApplicationDetail
            ? WriteDetails(text, records, i)
            : NameText.Write(records.NameOf(i, FieldOf(source)), text);
        return WriteQuoted(at, text[..length], quoting);
    }

    /// <summary>The field that a key of the details, with its equals sign, stands before; none for an unknown one.</summary>
    public static NameField DetailOf(ReadOnlySpan<byte> key)
    {
        foreach ((NameField field, byte[] known) in s_details)
        {
            if (key.SequenceEqual(known))
            {
                return field;
            }
        }

        return NameField.None;
    }

    private static NameField FieldOf(ColumnSource source) => source switch
    {
        ColumnSource.ServerName => NameField.ServerName,
        ColumnSource.Ja4 => NameField.Ja4,
        ColumnSource.Alpn => NameField.Alpn,
        ColumnSource.HttpHost => NameField.HttpHost,
        ColumnSource.HttpStatus => NameField.HttpStatus,
        ColumnSource.DnsQuery => NameField.DnsQuery,
        ColumnSource.DnsRcode => NameField.DnsRcode,
        ColumnSource.SourceName => NameField.SourceName,
        _ => NameField.DestinationName,
    };

    private static int WriteDetails(Span<byte> to, FlowRecordBlock records, int i)
    {
        int length = 0;
        foreach ((NameField field, byte[] key) in s_details)
        {
            ReadOnlySpan<byte> value = records.NameOf(i, field);
            if (value.IsEmpty)
            {
                continue;
            }

            ReadOnlySpan<byte> between = length == 0 ? [] : "; "u8;
            between.CopyTo(to[length..]);
            length += between.Length;
            key.CopyTo(to[length..]);
            length += key.Length;
            length += field == NameField.UserAgent ? NameText.Write(value, to[length..]) : WriteEscaped(value, to[length..]);
        }

        return length;
    }

    /// <summary>Writes a value without semicolons, which part values: they are escaped, too.</summary>
    private static int WriteEscaped(ReadOnlySpan<byte> value, Span<byte> to)
    {
        int length = 0;
        for (int semicolon; (semicolon = value.IndexOf((byte)';')) >= 0; value = value[(semicolon + 1)..])
        {
            length += NameText.Write(value[..semicolon], to[length..]);
            "\\x3b"u8.CopyTo(to[length..]);
            length += NameText.MaxExpansion;
        }

        return length + NameText.Write(value, to[length..]);
    }

    private static byte* WriteQuoted(byte* at, ReadOnlySpan<byte> text, TextQuoting quoting)
    {
        bool isPlain = quoting switch
        {
            TextQuoting.Csv => text.IndexOfAny((byte)',', (byte)'"') < 0,
            TextQuoting.Json => text.IndexOfAny((byte)'\\', (byte)'"') < 0,
            _ => true,
        };
        if (isPlain)
        {
            return Append(at, text);
        }

        bool isCsv = quoting == TextQuoting.Csv;
        if (isCsv)
        {
            *at++ = (byte)'"';
        }

        foreach (byte value in text)
        {
            if (value == '"' || (!isCsv && value == '\\'))
            {
                *at++ = isCsv ? (byte)'"' : (byte)'\\';
            }

            *at++ = value;
        }

        if (isCsv)
        {
            *at++ = (byte)'"';
        }

        return at;
    }

    private static byte* Append(byte* at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(new Span<byte>(at, text.Length));
        return at + text.Length;
    }
}
