using System.Text.RegularExpressions;

namespace FlowMeter.Tests.Oracle;

/// <summary>What a payload begins like, by regular expressions over its first bytes, one character each.</summary>
internal static partial class ReferenceProtocols
{
    private static readonly (int Number, bool OnlyTcp, Regex Pattern)[] s_patterns =
    [
        (3, false, Get()), (4, false, Post()), (6, false, Response()), (7, false, Ssh()), (14, false, Sip()), (5, false, Method()),
        (11, false, Command()), (13, false, Executable()), (10, true, Banner()), (2, true, Tls()), (8, true, Smb1()), (9, true, Smb2()),
        (16, true, Rdp()),
    ];

    public static double Of(ReferencePayload payload, byte protocol)
    {
        string head = payload.Head;
        int known = s_patterns.FirstOrDefault(entry => (protocol == 6 || !entry.OnlyTcp) && entry.Pattern.IsMatch(head)).Number;
        bool isText = head != "" && head[0] is >= 'A' and <= 'Z';
        return head == "" ? 0
            : known != 0 ? known
            : protocol != 6 || isText || head.Length < 2 ? 1
            : IsSocks(head, payload.Length) ? 12
            : IsDns(head, payload.Length) ? 15
            : 1;
    }

    private static bool IsSocks(string head, long length) =>
        (head[0] == 5 && head[1] > 0 && length == 2 + head[1])
            || (head[0] == 5 && length == 2 && head[1] is (char)0 or (char)2 or (char)255 && head[0] == 5)
        || (head[0] == 4 && head[1] is (char)1 or (char)2 && head[0] == 4 && length >= 9)
        || (head[0] == 0 && length == 8 && head[1] is >= (char)0x5A and <= (char)0x5D);

    private static bool IsDns(string head, long length) =>
        head.Length >= 14 && (head[0] * 256) + head[1] == length - 2 && (head[4] / 8 % 16) == 0 && (head[6] * 256) + head[7] == 1;

    [GeneratedRegex(@"\AGET ", RegexOptions.Singleline)]
    private static partial Regex Get();

    [GeneratedRegex(@"\APOST ", RegexOptions.Singleline)]
    private static partial Regex Post();

    [GeneratedRegex(@"\AHTTP/", RegexOptions.Singleline)]
    private static partial Regex Response();

    [GeneratedRegex(@"\ASSH-", RegexOptions.Singleline)]
    private static partial Regex Ssh();

    [GeneratedRegex(@"\A(SIP/2\.0 |[A-Z][^ ]{0,14} sips?:)", RegexOptions.Singleline)]
    private static partial Regex Sip();

    [GeneratedRegex(
        @"\A((HEAD|PUT|OPTIONS|CONNECT|DELETE|PATCH|TRACE|PROPFIND|M-SEARCH) |PRI \* HTTP/2\.0|NOTIFY \* )", RegexOptions.Singleline)]
    private static partial Regex Method();

    [GeneratedRegex(@"\A(EHLO |HELO |USER |MAIL FROM:|AUTH |STARTTLS)", RegexOptions.Singleline)]
    private static partial Regex Command();

    [GeneratedRegex(@"\AMZ", RegexOptions.Singleline)]
    private static partial Regex Executable();

    [GeneratedRegex(@"\A220[ -]", RegexOptions.Singleline)]
    private static partial Regex Banner();

    [GeneratedRegex(@"\A[\x14-\x18]\x03[\x00-\x04]..", RegexOptions.Singleline)]
    private static partial Regex Tls();

    [GeneratedRegex(@"\A\x00...\xFFSMB", RegexOptions.Singleline)]
    private static partial Regex Smb1();

    [GeneratedRegex(@"\A\x00...[\xFD\xFE]SMB", RegexOptions.Singleline)]
    private static partial Regex Smb2();

    [GeneratedRegex(@"\A\x03\x00([\x01-\xFF].|\x00[\x0B-\xFF]).[\xE0\xD0].", RegexOptions.Singleline)]
    private static partial Regex Rdp();
}
