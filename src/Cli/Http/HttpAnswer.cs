using System.Text;

namespace FlowMeter.Cli.Http;

/// <summary>What is answered to a request.</summary>
/// <param name="Status">Code and reason, as in "200 OK".</param>
/// <param name="MediaType">What the body is.</param>
/// <param name="Body">The body; of a stream what it begins with.</param>
internal sealed record HttpAnswer(string Status, string MediaType, byte[] Body)
{
    /// <summary>The media type of a line of text.</summary>
    public const string PlainText = "text/plain; charset=utf-8";

    /// <summary>Fields of the header beside those that every answer has; each ends with CR and LF.</summary>
    public string Fields { get; init; } = "";

    /// <summary>What a cache may do with it.</summary>
    public string CacheControl { get; init; } = "no-store";

    /// <summary>Whether the answer goes on with events (<see cref="IHttpSite.NextEvent"/>) until somebody leaves.</summary>
    public bool IsStream { get; init; }

    /// <summary>A line of text.</summary>
    public static HttpAnswer Text(string status, string line) => new(status, PlainText, Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>The whole answer, or the beginning of a stream.</summary>
    /// <param name="isHead">Whether only its header was asked for.</param>
    public byte[] ToBytes(bool isHead)
    {
        string length = IsStream ? "" : $"Content-Length: {Body.Length}\r\n";
        string head = $"HTTP/1.1 {Status}\r\nContent-Type: {MediaType}\r\n{length}Cache-Control: {CacheControl}\r\n{Fields}"
            + "Connection: close\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. isHead ? [] : Body];
    }
}
