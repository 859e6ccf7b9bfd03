using System.Net;
using System.Text;
using FlowMeter.Cli.Http;

namespace FlowMeter.Cli.Page;

/// <summary>
/// Who may see the page. The Host field has to name this machine, since a page elsewhere could point a name of its own at a loopback
/// address (DNS rebinding). No other site may embed the page or ask it in the background. With a token, it is asked for: as a bearer, or
/// once in the query, which makes it a cookie.
/// </summary>
/// <param name="address">Where the page is served.</param>
/// <param name="token">What to show; null: everybody who reaches the address may see the page.</param>
internal sealed class PageAccess(IPEndPoint address, string? token)
{
    /// <summary>Fields that every answer has.</summary>
    public const string Fields =
        "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r\nX-Content-Type-Options: nosniff\r\n"
            + "Referrer-Policy: no-referrer\r\nCross-Origin-Resource-Policy: same-origin\r\nCross-Origin-Opener-Policy: same-origin\r\n";

    private const string Bearer = "Bearer ";

    private readonly byte[]? _token = token == null ? null : Encoding.UTF8.GetBytes(token);

    private string CookieName => $"flowmeter-{address.Port}";

    /// <summary>What to say in place of the page; null: the page may be seen.</summary>
    public HttpAnswer? Refuse(HttpRequest request)
    {
        if (!IsOurs(HostOf(request.Field("Host") ?? "")))
        {
            return HttpAnswer.Text(
                "421 Misdirected Request", "that is not the name of this machine: the address is in the run's first lines");
        }

        if (request.Field("Sec-Fetch-Site") is "cross-site" or "same-site" && request.Field("Sec-Fetch-Mode") != "navigate")
        {
            return HttpAnswer.Text("403 Forbidden", "other sites may not ask for the page");
        }

        if (_token == null)
        {
            return null;
        }

        if (request.Query("token") is { Length: > 0 } typed)
        {
            // The cookie keeps the token out of the history and of what is copied from the address line.
            return !IsToken(typed) ? WantsToken() : HttpAnswer.Text("303 See Other", "the token is a cookie from now on") with
            {
                Fields = $"Location: /\r\nSet-Cookie: {CookieName}={Uri.EscapeDataString(typed)}; HttpOnly; SameSite=Strict; Path=/\r\n",
            };
        }

        string? shown = request.Field("Authorization") is { } field && field.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? field[Bearer.Length..]
            : Uri.UnescapeDataString(request.Cookie(CookieName) ?? "");
        return IsToken(shown) ? null : WantsToken();
    }

    private static HttpAnswer WantsToken() =>
        HttpAnswer.Text("401 Unauthorized", "a token is asked for: open the address with ?token= that the run was started with") with
        {
            Fields = "WWW-Authenticate: Bearer\r\n",
        };

    /// <summary>The name or address in a Host field, without the port: that of a tunnel is another one.</summary>
    private static string HostOf(string field)
    {
        int end = field.StartsWith('[') ? field.IndexOf(']', StringComparison.Ordinal) + 1 : field.IndexOf(':', StringComparison.Ordinal);
        return (end > 0 ? field[..end] : field).Trim('[', ']');
    }

    /// <summary>An address is no name that somebody could point here.</summary>
    private bool IsOurs(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host, out _)
        || (!IPAddress.IsLoopback(address.Address) && host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase));

    /// <summary>Takes as long for every token of the same length, so that it can not be guessed byte by byte.</summary>
    private bool IsToken(string text)
    {
        byte[] shown = Encoding.UTF8.GetBytes(text);
        int difference = shown.Length ^ _token!.Length;
        for (int i = 0; i < shown.Length; i++)
        {
            difference |= shown[i] ^ _token[i % _token.Length];
        }

        return difference == 0;
    }
}
