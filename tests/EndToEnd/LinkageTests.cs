namespace FlowMeter.Tests.EndToEnd;

/// <summary>What the binary needs of the machine it is carried to.</summary>
[Trait("Category", "EndToEnd")]
public sealed class LinkageTests
{
    [BinaryFact]
    public void Where_libpcap_is_built_in_no_libpcap_is_loaded()
    {
        string version = FlowMeterBinary.Run("--version").Succeeded().Output;
        if (!version.Contains("built in", StringComparison.Ordinal) || !OperatingSystem.IsLinux())
        {
            return;
        }

        // The loader itself tells what it is asked for, at start and later: a filter is compiled and run, and no file of libpcap or D-Bus
        // is ever looked for.
        string[] read = [FlowMeterBinary.Path!, "read", Samples.Office, "--filter", "udp port 53", "--quiet"];
        Finished traced = Launched.Start("env", ["LD_DEBUG=libs", .. read]).Finish().Succeeded();
        Assert.Contains("find library=libc.so.6", traced.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("libpcap", traced.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("dbus", traced.Errors, StringComparison.Ordinal);
        Assert.NotEmpty(traced.Table().Rows);
        Assert.All(traced.Table().Rows, row => Assert.Contains("53", new[] { row[3], row[5] }));
    }
}
