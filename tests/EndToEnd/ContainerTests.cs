using System.Text.Json;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>The container image: the binary runs with what is in it and nothing else.</summary>
[Trait("Category", "EndToEnd")]
public sealed class ContainerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryFact(Need.Root | Need.Debian | Need.Python)]
    public void The_binary_runs_with_nothing_but_the_image()
    {
        string script = Path.Combine(Samples.Repository, "scripts", "container");
        string image = Path.Combine(
            Samples.Repository, Launched.Start(script).Finish().Succeeded().Output.Split(": ")[0].Split('\n')[^1]);
        byte[] first = File.ReadAllBytes(image);
        Launched.Start(script).Finish().Succeeded();
        Assert.Equal(first, File.ReadAllBytes(image));

        Launched.Start("tar", "-xf", image, "-C", _folder.Path).Finish().Succeeded();
        JsonElement index = JsonDocument.Parse(File.ReadAllText(_folder["index.json"])).RootElement;
        JsonElement manifest = Blob(index.GetProperty("manifests")[0]);
        Assert.Equal(
            "/usr/bin/flowmeter", Blob(manifest.GetProperty("config")).GetProperty("config").GetProperty("Entrypoint")[0].GetString());
        string root = _folder["root"];
        Directory.CreateDirectory(root);
        Launched.Start("tar", "-xzf", PathOf(manifest.GetProperty("layers")[0]), "-C", root).Finish().Succeeded();

        // Every engine gives a container these.
        Directory.CreateDirectory(Path.Combine(root, "dev"));
        Launched.Start("mknod", Path.Combine(root, "dev", "urandom"), "c", "1", "9").Finish().Succeeded();
        File.Copy(Samples.Office, Path.Combine(root, "data", "office.pcap"));
        Launched.Start("chroot", root, "/usr/bin/flowmeter", "read", "/data/office.pcap", "-o", "/data/x.csv.zst").Finish().Succeeded();
        Finished scored = Launched.Start("chroot", root, "/usr/bin/flowmeter", "score", "/data/x.csv.zst").Finish().Succeeded();
        Assert.Equal(FlowMeterBinary.Run("read", Samples.Office).Table().Set(), scored.Table().Set());
    }

    private JsonElement Blob(JsonElement descriptor) => JsonDocument.Parse(File.ReadAllText(PathOf(descriptor))).RootElement;

    private string PathOf(JsonElement descriptor) =>
        _folder["blobs/" + descriptor.GetProperty("digest").GetString()!.Replace(':', '/')];
}
