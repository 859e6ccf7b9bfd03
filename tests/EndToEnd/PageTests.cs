using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>The page of a run, by callers and in a real browser.</summary>
[Trait("Category", "EndToEnd")]
public sealed class PageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort();
    private readonly List<Launched> _served = [];

    private string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}/");

    public void Dispose()
    {
        // A page stays until it is told to go, also where a test failed before that.
        _served.ForEach(run => run.Signal("KILL"));
        _folder.Dispose();
    }

    [BinaryTheory(Need.Browser)]
    [InlineData("fills")]
    [InlineData("sorts")]
    [InlineData("detail")]
    [InlineData("no-script")]
    [InlineData("phone")]
    public void A_person_at_the_page_sees_what_goes_on(string scenario)
    {
        Launched run = Replay();
        if (scenario != "fills")
        {
            run.Await(() => Ask("flows.csv").Split("\r\n\r\n")[^1].Split('\n').Length > 10, "flows are there");
        }

        BrowserDriver.Start(scenario, Url).Finish().Succeeded();
        End(run);
    }

    [BinaryFact(Need.Browser)]
    public void The_name_of_a_file_is_text_whatever_it_is()
    {
        const string Hostile = "<img src=x onerror=alert(1)>.pcap";
        File.Copy(Samples.Office, _folder[Hostile]);
        Launched run = Serve("read", _folder[Hostile], "-o", _folder["x.csv"], "--page", Port);
        run.Await(IsThere, "the page is there");
        BrowserDriver.Start("hostile", Url, Hostile).Finish().Succeeded();
        End(run);
    }

    [BinaryFact(Need.Browser)]
    public void A_page_goes_on_after_the_run_was_started_again()
    {
        Launched first = Replay();
        Launched person = BrowserDriver.Start("reconnects", Url);
        person.Await(() => person.OutputSoFar.Contains("ready", StringComparison.Ordinal), "the page is live");
        End(first);
        person.Await(() => person.OutputSoFar.Contains("lost", StringComparison.Ordinal), "the page says so");
        Launched second = Replay();
        person.Finish().Succeeded();
        End(second);
    }

    [BinaryFact]
    public void A_hundred_viewers_get_events_and_a_slow_one_holds_nothing_up()
    {
        Launched run = Replay();
        TcpClient[] viewers = [.. Enumerable.Range(0, 100).Select(_ => View())];
        foreach (TcpClient viewer in viewers)
        {
            byte[] buffer = new byte[1 << 16];
            StringBuilder events = new();
            while (events.ToString().Split("\ndata: ").Length < 4)
            {
                int count = viewer.GetStream().Read(buffer);
                Assert.NotEqual(0, count);
                events.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }
        }

        Array.ForEach(viewers, viewer => viewer.Dispose());
        End(run);
    }

    [BinaryFact]
    public void A_page_of_replaced_addresses_has_none_of_the_others()
    {
        string key = _folder.Write("key", "0123456789abcdef0123456789ABCDEF");
        Launched run = Serve(
            "read", Samples.Office, "-o", _folder["x.csv"], "--names", "--anonymize", key, "--page", Port);
        run.Await(() => IsThere() && File.Exists(_folder["x.csv"]), "the table is written");

        // Of the sample's own networks; its other addresses are short, and stand in other text as well.
        string[] originals = ["192.0.2.1", "198.51.100.", "203.0.113.", "2001:db8:a::", "office.example"];
        foreach (string path in new[] { "", "flows.csv", "flows.json", "series.json" })
        {
            string answer = Ask(path);
            Assert.NotEmpty(answer);
            Assert.DoesNotContain(originals, original => answer.Contains(original, StringComparison.Ordinal));
        }

        End(run);
    }

    [BinaryFact]
    public void The_table_of_a_read_is_there_while_its_page_stays_and_is_the_same()
    {
        FlowMeterBinary.Run("read", Samples.Office, "-o", _folder["without.csv"]).Succeeded();
        Launched run = Serve("read", Samples.Office, "-o", _folder["with.csv"], "--page", Port);
        run.Await(() => run.ErrorsSoFar.Contains("the page stays at " + Url, StringComparison.Ordinal), "all was done");
        Assert.True(IsThere());
        Assert.True(File.Exists(_folder["with.csv"]));
        run.Signal("INT");
        Assert.Equal(0, Finish(run).ExitCode);
        Assert.Equal(File.ReadAllText(_folder["without.csv"]), File.ReadAllText(_folder["with.csv"]));
    }

    [BinaryFact]
    public void A_page_for_others_has_a_token_that_is_told_once()
    {
        Launched run = Serve(
            "read", Samples.Office, "-q", "-o", _folder["x.csv"], "--page", "0.0.0.0:" + Port);
        run.Await(IsThere, "the page is there");
        Assert.StartsWith("HTTP/1.1 401 ", Whole("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"), StringComparison.Ordinal);
        run.Signal("TERM");
        Finished end = Finish(run);
        string token = end.Errors.Split("?token=")[1].Trim();
        Assert.Matches("^[0-9a-f]{64}$", token);
    }

    [BinaryFact]
    public void A_port_in_use_is_one_line()
    {
        using TcpListener other = new(IPAddress.Loopback, _port);
        other.Start();
        Finished end = FlowMeterBinary.Run("read", Samples.Office, "--page", Port);
        Assert.Equal(1, end.ExitCode);
        Assert.Equal($"flowmeter: --page 127.0.0.1:{Port}: another program listens there; choose another port.\n", end.Errors);
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Launched Serve(params string[] arguments)
    {
        _served.Add(FlowMeterBinary.Start(arguments));
        return _served[^1];
    }

    private Finished Finish(Launched run)
    {
        Finished end = run.Finish();
        _served.Remove(run);
        return end;
    }

    private void End(Launched run)
    {
        run.Signal("INT");
        Finish(run);
    }

    private string Port => _port.ToString(CultureInfo.InvariantCulture);

    private Launched Replay()
    {
        Launched run = Serve(
            "replay", Samples.Office, "--loops", "100000", "--pps", "5000", "--idle-timeout", "1s", "--threshold", "0", "--page", Port);
        run.Await(IsThere, "the page is there");
        return run;
    }

    private bool IsThere()
    {
        try
        {
            using TcpClient client = new();
            client.Connect(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string Ask(string path) => Whole($"GET /{path} HTTP/1.1\r\nHost: localhost\r\n\r\n");

    private string Whole(string request)
    {
        using TcpClient client = new();
        client.Connect(IPAddress.Loopback, _port);
        client.GetStream().Write(Encoding.ASCII.GetBytes(request));
        using StreamReader reader = new(client.GetStream());
        return reader.ReadToEnd();
    }

    private TcpClient View()
    {
        TcpClient client = new() { ReceiveTimeout = 60_000 };
        client.Connect(IPAddress.Loopback, _port);
        client.GetStream().Write("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"u8);
        return client;
    }
}
