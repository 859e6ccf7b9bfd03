namespace FlowMeter.Tests.EndToEnd;

/// <summary>The user without rights; only root can become it (<see cref="Need.Root"/>).</summary>
internal static class Nobody
{
    /// <summary>Runs a copy of the binary, which may be where nobody else can go, from a folder that everybody may enter.</summary>
    public static Finished Run(TemporaryFolder folder, params string[] arguments)
    {
        string binary = folder["flowmeter"];
        File.Copy(FlowMeterBinary.Path!, binary);
        ChangeMode("a+rx", folder.Path);
        ChangeMode("a+rx", binary);
        return Launched.Start("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", binary, .. arguments]).Finish();
    }

    /// <summary>chmod(1).</summary>
    public static void ChangeMode(string mode, string path) => Launched.Start("chmod", mode, path).Finish().Succeeded();
}
