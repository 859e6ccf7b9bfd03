using System.Collections.Concurrent;
using System.Text;
using FlowMeter.Cli.Http;

namespace FlowMeter.Tests.Cli.Http;

/// <summary>A site of a stream whose events the test gives, of an answer too large for a socket, and of answers that fail.</summary>
internal sealed class TestSite : IHttpSite
{
    /// <summary>How the large answer ends.</summary>
    public const string LargeEnd = "the end\n";

    private static readonly byte[] s_large = Encoding.ASCII.GetBytes(new string('x', 16 << 20) + LargeEnd);

    private readonly ConcurrentQueue<Func<string>> _events = new();

    /// <summary>What every event fails with from now on; null: nothing.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Has all streams get an event.</summary>
    public void Say(string text) => _events.Enqueue(() => text);

    /// <summary>Has the next event fail.</summary>
    public void Fail(Exception failure) => _events.Enqueue(() => throw failure);

    public HttpAnswer Answer(HttpRequest request) => request.Path switch
    {
        "/events" => new HttpAnswer("200 OK", "text/event-stream", "first\n"u8.ToArray()) { IsStream = true },
        "/large" => new HttpAnswer("200 OK", HttpAnswer.PlainText, s_large),
        "/defect" => throw new InvalidOperationException(),
        "/no-file" => throw new FileNotFoundException(),
        "/no-memory" => throw new InsufficientMemoryException(),
        "/null" => null!,
        _ => HttpAnswer.Text("404 Not Found", "nothing"),
    };

    public byte[]? NextEvent() =>
        Failure != null ? throw Failure
        : _events.TryDequeue(out Func<string>? next) ? Encoding.Latin1.GetBytes(next())
        : null;
}
