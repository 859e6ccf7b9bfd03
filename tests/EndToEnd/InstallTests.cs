using System.IO.Compression;
using FlowMeter.Tests.Rules;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>What the scripts put on a machine, and take away again. Nothing outside a temporary folder is touched.</summary>
[Trait("Category", "EndToEnd")]
public sealed class InstallTests
{
    private const string Options = "/etc/default/flowmeter";

    private static readonly string[] s_installed =
    [
        "/bin/flowmeter", "/share/man/man1/flowmeter.1.gz", "/share/bash-completion/completions/flowmeter",
        "/share/zsh/site-functions/_flowmeter", "/share/fish/vendor_completions.d/flowmeter.fish", "/lib/systemd/system/flowmeter@.service",
    ];

    [BinaryFact(Need.Bash)]
    public void Uninstall_leaves_nothing_of_what_install_put_in_place()
    {
        using TemporaryFolder folder = new();
        Script("install", folder.Path).Succeeded();
        string[] expected = [.. s_installed.Select(path => "/opt/flow" + path).Append(Options).Order(StringComparer.Ordinal)];
        Assert.Equal(expected, Files(folder.Path));
        Assert.Equal(expected, Script("install --list", folder.Path).Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(path => path[folder.Path.Length..]).Order(StringComparer.Ordinal));
        Assert.StartsWith(
            "flowmeter ", Launched.Start(folder["opt/flow/bin/flowmeter"], "--version").Finish().Succeeded().Output,
            StringComparison.Ordinal);
        Assert.Contains(
            "\nExecStart=/opt/flow/bin/flowmeter ", File.ReadAllText(folder["opt/flow/lib/systemd/system/flowmeter@.service"]),
            StringComparison.Ordinal);
        Script("uninstall", folder.Path).Succeeded();
        Assert.Empty(folder.Names());
    }

    [BinaryFact(Need.Bash)]
    public void Options_that_somebody_changed_outlive_both()
    {
        using TemporaryFolder folder = new();
        Script("install", folder.Path).Succeeded();
        folder.Write("etc/default/flowmeter", "FLOWMETER_OPTIONS=--quiet\n");
        Script("install", folder.Path).Succeeded();
        Assert.Contains("has been changed, and stays", Script("uninstall", folder.Path).Succeeded().OnlyLine(), StringComparison.Ordinal);
        Assert.Equal([Options], Files(folder.Path));
        Assert.Equal("FLOWMETER_OPTIONS=--quiet\n", File.ReadAllText(folder["etc/default/flowmeter"]));
    }

    [BinaryFact(Need.Bash)]
    public void Uninstall_disables_every_instance()
    {
        using TemporaryFolder folder = new();
        Script("install", folder.Path).Succeeded();
        string wanted = Directory.CreateDirectory(folder["etc/systemd/system/multi-user.target.wants"]).FullName;
        File.CreateSymbolicLink(Path.Join(wanted, "flowmeter@eth0.service"), "/opt/flow/lib/systemd/system/flowmeter@.service");
        File.CreateSymbolicLink(Path.Join(wanted, "ssh.service"), "/lib/systemd/system/ssh.service");
        Assert.Equal("uninstall: disabled flowmeter@eth0.service", Script("uninstall", folder.Path).Succeeded().OnlyLine());
        Assert.Equal(["ssh.service"], new DirectoryInfo(wanted).GetFileSystemInfos().Select(entry => entry.Name));
    }

    [BinaryFact(Need.Bash)]
    public void The_manual_page_is_well_formed_and_has_every_command()
    {
        using TemporaryFolder folder = new();
        Script("install", folder.Path).Succeeded();
        using GZipStream unpacked = new(File.OpenRead(folder["opt/flow/share/man/man1/flowmeter.1.gz"]), CompressionMode.Decompress);
        string page = new StreamReader(unpacked).ReadToEnd();
        string help = FlowMeterBinary.Run("--help").Output;
        Assert.All(help.Split("Commands:\n")[1].Split('\n')
            .TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal)).Where(line => line[2] != ' '),
                line => Assert.Contains(
                    $"\n.SH \"FLOWMETER {line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0].ToUpperInvariant()}\"\n", page,
                    StringComparison.Ordinal));
        if (Available.HasCommand("groff"))
        {
            Finished checkedPage = Launched.Start("groff", "-man", "-ww", "-Tutf8", "-z", folder.Write("page.1", page)).Finish()
                .Succeeded();
            Assert.Equal("", checkedPage.Errors);
        }
    }

    [BinaryTheory(Need.Bash)]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public void Completions_are_scripts_of_their_shells(string shell)
    {
        if (Available.HasCommand(shell))
        {
            using TemporaryFolder folder = new();
            Launched.Start(shell, "-n", folder.Write("completion", FlowMeterBinary.Run("completion", shell).Output)).Finish().Succeeded();
        }
    }

    [BinaryFact]
    public void The_service_uses_options_that_there_are()
    {
        string unit = File.ReadAllText(Path.Join(SourceTree.Root, "packaging/flowmeter@.service"));
        string options = File.ReadAllText(Path.Join(SourceTree.Root, "packaging/flowmeter.default"));
        string command = unit.Split("\nExecStart=@BINDIR@/flowmeter ")[1].Split('\n')[0];
        string help = FlowMeterBinary.Run(command.Split(' ')[0], "--help").Succeeded().Output;
        string[] used = [.. $"{command} {options.Split("FLOWMETER_OPTIONS=")[1].Trim('"', '\n')}".Split(' ').Where(
            word => word.StartsWith("--", StringComparison.Ordinal))];
        Assert.NotEmpty(used);
        Assert.All(used, option => Assert.Matches($@"[\s,]{option}[\s,]", help));
    }

    [BinaryFact]
    public void The_service_is_one_that_systemd_understands_and_finds_hardened()
    {
        if (!Available.HasCommand("systemd-analyze"))
        {
            return;
        }

        using TemporaryFolder folder = new();
        string unit = File.ReadAllText(Path.Join(SourceTree.Root, "packaging/flowmeter@.service"))
            .Replace("@BINDIR@/flowmeter", FlowMeterBinary.Path, StringComparison.Ordinal)
            .Replace("Documentation=man:flowmeter(1)\n", "", StringComparison.Ordinal);
        string path = folder.Write("flowmeter@eth0.service", unit);
        Finished verified = Launched.Start("systemd-analyze", "verify", path).Finish().Succeeded();
        Assert.DoesNotContain("flowmeter@", verified.Errors, StringComparison.Ordinal);

        // In tenths: what is left is the right to capture, in the machine's own network, and room for the sandbox of the program.
        Launched.Start("systemd-analyze", "security", "--no-pager", "--offline=true", "--threshold=18", path).Finish().Succeeded();
    }

    private static Finished Script(string command, string destination, string prefix = "/opt/flow")
    {
        string[] words = command.Split(' ');
        string[] environment = [$"FLOWMETER_BINARY={FlowMeterBinary.Path}", $"DESTDIR={destination}", $"PREFIX={prefix}"];
        return Launched.Start("env", [.. environment, Path.Join(SourceTree.Root, "scripts", words[0]), .. words[1..]]).Finish();
    }

    private static string[] Files(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path => path[folder.Length..]).Order(
            StringComparer.Ordinal)];
}
