using System.Text.Json;
using FlowMeter.Tests.Rules;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>
/// What scripts/package makes, and what dpkg does with it below a folder of its own. scripts/check-service does the rest, under a systemd.
/// </summary>
[Trait("Category", "EndToEnd")]
public sealed class DebianPackageTests
{
    private const string Options = "/etc/default/flowmeter";

    private static readonly Lazy<string> s_package = new(Package);

    [BinaryFact(Need.Bash | Need.Debian)]
    public void The_package_holds_what_install_installs_and_is_the_same_every_time()
    {
        using TemporaryFolder folder = new();
        string package = s_package.Value;
        byte[] bytes = File.ReadAllBytes(package);
        Assert.Equal(bytes, File.ReadAllBytes(Package()));
        Launched.Start("dpkg-deb", "--extract", package, folder["deb"]).Finish().Succeeded();
        Launched.Start("dpkg-deb", "--control", package, folder["control"]).Finish().Succeeded();
        Launched.Start(
            "env", $"FLOWMETER_BINARY={FlowMeterBinary.Path}", $"DESTDIR={folder["staged"]}", "PREFIX=/usr",
            Path.Join(SourceTree.Root, "scripts/install")).Finish().Succeeded();
        string[] installed = Files(folder["staged"]);
        Assert.Equal(installed, Files(folder["deb"]).Where(
            path => !path.StartsWith("/usr/share/doc/", StringComparison.Ordinal) && path != "/usr/share/lintian/overrides/flowmeter"));
        Assert.All(installed, path => Assert.Equal(File.ReadAllBytes(folder["staged" + path]), File.ReadAllBytes(folder["deb" + path])));
        Assert.Equal(Options + "\n", File.ReadAllText(folder["control/conffiles"]));
        Assert.Equal(
            Files(folder["deb"]).Where(path => path != Options),
            File.ReadLines(folder["control/md5sums"]).Select(line => "/" + line.Split("  ")[1]).Order(StringComparer.Ordinal));
        string control = File.ReadAllText(folder["control/control"]);
        Assert.Matches(@"\nDepends: libc6 \(>= 2\.\d+\)(, libpcap0\.8t64 \| libpcap0\.8)?\n", control);
        Assert.Equal(
            FlowMeterBinary.Run("--version").Output.Contains("built in", StringComparison.Ordinal),
            !control.Contains(", libpcap0.8", StringComparison.Ordinal));
    }

    [BinaryFact(Need.Bash | Need.Debian)]
    public void The_list_of_what_is_inside_has_each_library_with_its_version_and_how_to_rebuild_it()
    {
        using TemporaryFolder folder = new();
        Launched.Start("dpkg-deb", "--extract", s_package.Value, folder.Path).Finish().Succeeded();
        using JsonDocument list = JsonDocument.Parse(File.ReadAllText(folder["usr/share/doc/flowmeter/sbom.cdx.json"]));
        string version = FlowMeterBinary.Run("--version").Succeeded().Output;
        bool isLinked = version.Contains("built in", StringComparison.Ordinal);
        Dictionary<string, JsonElement> components = list.RootElement.GetProperty("components").EnumerateArray()
            .ToDictionary(one => one.GetProperty("name").GetString()!);
        string runtime = Assert.Single(components.Keys, name => name.Contains("NativeAOT", StringComparison.Ordinal));
        string[] linked = [runtime, "zlib-ng", .. isLinked ? ["libpcap"] : Array.Empty<string>()];
        Assert.All(linked, name =>
        {
            Assert.Contains(components[name].GetProperty("version").GetString()!, version, StringComparison.Ordinal);
            Assert.Contains("scripts/publish", components[name].GetProperty("properties")[0].GetProperty("value").GetString());
        });

        // zlib is part of the runtime, and the hash of the runtime is that of both.
        Assert.All(components.Values.Where(one => one.GetProperty("scope").GetString() == "required"
            && one.GetProperty("name").GetString() != "zlib-ng"), one =>
            Assert.Matches("^[0-9A-Fa-f]{128}$", one.GetProperty("hashes")[0].GetProperty("content").GetString()!));
        Assert.Equal("optional", components["libzstd"].GetProperty("scope").GetString());
    }

    [BinaryFact(Need.Bash | Need.Debian)]
    public void What_the_package_links_statically_is_named_in_it()
    {
        string control = Launched.Start("dpkg-deb", "--field", s_package.Value).Finish().Succeeded().Output;
        bool isLinked = FlowMeterBinary.Run("--version").Output.Contains("built in", StringComparison.Ordinal);
        Assert.Equal(isLinked, control.Contains("\nBuilt-Using: libpcap (= ", StringComparison.Ordinal));
        using TemporaryFolder folder = new();
        Launched.Start("dpkg-deb", "--extract", s_package.Value, folder.Path).Finish().Succeeded();
        string copyright = File.ReadAllText(folder["usr/share/doc/flowmeter/copyright"]);
        Assert.All(
            ["Apache-2.0", "Expat", "BSD-3-Clause", "Zlib", "Sun"],
            licence => Assert.Contains($"\n\nLicense: {licence}\n ", copyright, StringComparison.Ordinal));
        Assert.True(new FileInfo(folder["usr/share/doc/flowmeter/third-party-notices.txt.gz"]).Length > 5000);
    }

    [BinaryFact(Need.Bash | Need.Debian)]
    public void Lintian_finds_nothing_without_a_reason()
    {
        if (Available.HasCommand("lintian"))
        {
            Finished finished = Launched.Start("lintian", "--fail-on", "error,warning", s_package.Value).Finish().Succeeded();
            Assert.Equal("", finished.Output);
        }
    }

    [BinaryFact(Need.Bash | Need.Debian)]
    public void Remove_disables_and_keeps_tables_and_options_and_purge_leaves_nothing()
    {
        using DpkgFolder root = new();
        root.Run("--install", s_package.Value);
        root.Link("etc/systemd/system/multi-user.target.wants/flowmeter@eth0.service", "/lib/systemd/system/flowmeter@.service");
        root.Link("etc/systemd/system/multi-user.target.wants/ssh.service", "/lib/systemd/system/ssh.service");
        root.Link("etc/systemd/system/flowmeter@eth1.service", "/dev/null");
        root.Write("etc/systemd/system/flowmeter@eth0.service.d/override.conf", "[Service]\nMemoryMax=4G\n");
        root.Write("etc/default/flowmeter-eth0", "FLOWMETER_OPTIONS=\n");
        root.Write("etc/default/ssh", "");
        root.Write("var/lib/private/flowmeter/eth0/flows.csv", "");
        root.Link("var/lib/flowmeter/eth0", "../private/flowmeter/eth0");
        Assert.Contains("\nDisabling flowmeter@eth0.service\n", root.Run("--remove", "flowmeter"), StringComparison.Ordinal);
        Assert.Equal(
            [
                "/etc/default/flowmeter", "/etc/default/flowmeter-eth0", "/etc/default/ssh",
                "/etc/systemd/system/flowmeter@eth0.service.d/override.conf", "/etc/systemd/system/flowmeter@eth1.service",
                "/etc/systemd/system/multi-user.target.wants/ssh.service", "/var/lib/flowmeter/eth0/flows.csv",
                "/var/lib/private/flowmeter/eth0/flows.csv",
            ],
            root.Files());
        Assert.Contains("Removing the tables in ", root.Run("--purge", "flowmeter"), StringComparison.Ordinal);
        Assert.Equal(["/etc/default/ssh", "/etc/systemd/system/multi-user.target.wants/ssh.service"], root.Files());
        Assert.Empty(Directory.GetFileSystemEntries(root.Path, "*flowmeter*", SearchOption.AllDirectories));
    }

    [BinaryFact(Need.Bash | Need.Debian)]
    public void An_upgrade_keeps_what_was_enabled_and_changed()
    {
        using DpkgFolder root = new();
        root.Run("--install", s_package.Value);
        root.Link("etc/systemd/system/multi-user.target.wants/flowmeter@eth0.service", "/lib/systemd/system/flowmeter@.service");
        root.Write("etc/default/flowmeter", "FLOWMETER_OPTIONS=--quiet\n");
        root.Write("var/lib/flowmeter/eth0/flows.csv", "");
        string[] before = root.Files();
        root.Run("--install", s_package.Value);
        Assert.Equal(before, root.Files());
        Assert.Equal("FLOWMETER_OPTIONS=--quiet\n", File.ReadAllText(Path.Join(root.Path, "etc/default/flowmeter")));
    }

    private static string Package()
    {
        Finished finished = Launched.Start("env", $"FLOWMETER_BINARY={FlowMeterBinary.Path}", Path.Join(SourceTree.Root, "scripts/package"))
            .Finish()
            .Succeeded();
        return Path.Join(SourceTree.Root, finished.Output.Split(':')[0]);
    }

    private static string[] Files(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path => path[folder.Length..]).Order(
            StringComparer.Ordinal)];
}
