using FlowMeter.Cli.Http;

namespace FlowMeter.Cli.Page;

/// <summary>A file that is part of the program and that the page loads.</summary>
/// <param name="MediaType">What it is.</param>
/// <param name="Bytes">The file.</param>
/// <param name="Tag">Changes with the file.</param>
internal sealed record PageAsset(string MediaType, byte[] Bytes, string Tag)
{
    private static readonly Dictionary<string, string> s_types = new()
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".txt"] = HttpAnswer.PlainText,
    };

    /// <summary>All of them, by their paths.</summary>
    public static IReadOnlyDictionary<string, PageAsset> All { get; } = typeof(PageAsset).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith("page/", StringComparison.Ordinal)).ToDictionary(name => name["page".Length..], Load);

    /// <summary>The answer to who asks for it; who has it already is told so.</summary>
    public HttpAnswer AnswerTo(HttpRequest request)
    {
        bool isKnown = request.Field("If-None-Match") == Tag;
        return new HttpAnswer(isKnown ? "304 Not Modified" : "200 OK", MediaType, isKnown ? [] : Bytes)
        {
            CacheControl = "no-cache",
            Fields = $"ETag: {Tag}\r\n",
        };
    }

    private static PageAsset Load(string name)
    {
        using Stream stream = typeof(PageAsset).Assembly.GetManifestResourceStream(name)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        uint sum = bytes.Aggregate(2166136261, (hash, value) => unchecked((hash ^ value) * 16777619));
        return new PageAsset(s_types[Path.GetExtension(name)], bytes, $"\"{bytes.Length:x}-{sum:x}\"");
    }
}
