using System.Net;
using System.Text;

namespace FlowMeter.Cli.Http;

/// <summary>A request, RFC 9112: its first line and its fields. It has no body.</summary>
internal sealed class HttpRequest
{
    private readonly Dictionary<string, string> _query = [];
    private readonly Dictionary<string, string> _fields = new(StringComparer.OrdinalIgnoreCase);

    private HttpRequest(string method, string target)
    {
        Method = method;
        string[] parts = target.Split('?', 2);
        Path = parts[0];
        foreach (string pair in parts.Length < 2 ? [] : parts[1].Split('&'))
        {
            string[] sides = pair.Split('=', 2);
            _query.TryAdd(WebUtility.UrlDecode(sides[0]), sides.Length < 2 ? "" : WebUtility.UrlDecode(sides[1]));
        }
    }

    /// <summary>GET or HEAD, where the request is answered at all.</summary>
    public string Method { get; }

    /// <summary>What is asked for, without the query.</summary>
    public string Path { get; }

    /// <summary>Reads a request.</summary>
    /// <param name="bytes">All of it, with the empty line at its end.</param>
    /// <returns>The request; null where that is not HTTP/1.</returns>
    public static HttpRequest? Parse(ReadOnlySpan<byte> bytes)
    {
        string[] lines = Encoding.Latin1.GetString(bytes[..bytes.IndexOf("\r\n\r\n"u8)]).Split("\r\n");
        string[] words = lines[0].Split(' ');
        if (words.Length != 3 || !words[2].StartsWith("HTTP/1.", StringComparison.Ordinal))
        {
            return null;
        }

        HttpRequest request = new(words[0], words[1]);
        foreach (string line in lines.Skip(1))
        {
            string[] sides = line.Split(':', 2);
            if (sides.Length == 2)
            {
                // Of a field that is there twice neither is believed.
                request._fields[sides[0]] = request._fields.ContainsKey(sides[0]) ? "" : sides[1].Trim();
            }
        }

        return request;
    }

    /// <summary>A field of the header, whatever the case of its name; null where it is not there.</summary>
    public string? Field(string name) => _fields.GetValueOrDefault(name);

    /// <summary>A parameter of the query; empty where it is not there.</summary>
    public string Query(string name) => _query.GetValueOrDefault(name, "");

    /// <summary>A cookie; null where it is not there.</summary>
    public string? Cookie(string name) => (Field("Cookie") ?? "").Split(';').Select(cookie => cookie.Trim().Split('=', 2))
        .FirstOrDefault(cookie => cookie.Length == 2 && cookie[0] == name)?[1];
}
