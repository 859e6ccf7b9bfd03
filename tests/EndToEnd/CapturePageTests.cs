namespace FlowMeter.Tests.EndToEnd;

/// <summary>The page of a live capture: on addresses of IPv6, and while the process is nobody.</summary>
[Trait("Category", "EndToEnd")]
public sealed class CapturePageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryTheory(Need.Network | Need.Root | Need.Curl)]
    [InlineData("80", "http://127.0.0.1/")]
    [InlineData("9477", "http://127.0.0.1:9477/")]
    [InlineData("[::1]:9477", "http://[::1]:9477/")]
    [InlineData("[::1]:80", "http://[::1]/")]
    public void Nobody_serves_the_page_at_an_address_that_root_took(string address, string url)
    {
        using VethPair wire = new();
        wire.UseLoopback();
        Nobody.ChangeMode("a+rwx", _folder.Path);
        Launched process = wire.CaptureTelling(
            _folder["errors"], "--user", "nobody", "--page", address, "-o", _folder["flows.csv"], "--idle-timeout", "500ms",
            "--model", _folder.Write("m.json", """
                { "schema": "flowmeter-model/1", "name": "all", "profile": "flowmeter", "intercept": 5, "least_packets": 1,
                  "features": [ { "name": "packets", "transform": "identity", "centre": 0, "scale": 1, "weight": 1 } ] }
                """));
        process.Await(() => Status(wire, url) == "200", "the page was there");
        Assert.Contains("\nUid:\t65534\t65534\t65534\t65534\n", File.ReadAllText($"/proc/{process.Id}/status"), StringComparison.Ordinal);
        Assert.Equal("421", Status(wire, url, "-H", "Host: evil.example"));
        Assert.Equal("200", Status(wire, url, "-H", "Host: localhost"));
        wire.Send(Wire.Flows(0, 300));
        process.Await(
            () => Ask(wire, url + "flows.csv").Split('\n').Count(row => row.Contains(",192.0.2.1,443,", StringComparison.Ordinal)) == 100,
            "flows were shown");
        process.Signal("TERM");
        process.AwaitEnd().Succeeded();
        Assert.Contains($"flowmeter: page: {url[..^1]}", File.ReadAllText(_folder["errors"]), StringComparison.Ordinal);
    }

    [BinaryFact(Need.Network | Need.Root | Need.Curl)]
    public void All_addresses_of_IPv6_have_a_token()
    {
        using VethPair wire = new();
        wire.UseLoopback();
        string token = new('a', 20);
        Launched process = wire.CaptureTelling(
            _folder["errors"], "-q", "--page", "[::]:9477", "--page-token-file", _folder.Write("token", token), "-o",
            _folder["flows.csv"]);
        process.Await(() => Status(wire, "http://[::1]:9477/") == "401", "the page was there");
        Assert.Equal("200", Status(wire, "http://[::1]:9477/", "-H", $"Authorization: Bearer {token}"));
        Assert.Equal("303", Status(wire, $"http://[::1]:9477/?token={token}"));
        Assert.Equal("401", Status(wire, $"http://[::1]:9477/?token={token}a"));
        process.Signal("TERM");
        process.AwaitEnd().Succeeded();
        Assert.Empty(File.ReadAllText(_folder["errors"]));
    }

    private static string Ask(VethPair wire, string url, params string[] options) =>
        wire.Start(["curl", "-sg", "-m", "10", .. options, url]).Finish().Output;

    private string Status(VethPair wire, string url, params string[] options) =>
        Ask(wire, url, ["-o", _folder["page"], "-w", "%{http_code}", .. options]);
}
