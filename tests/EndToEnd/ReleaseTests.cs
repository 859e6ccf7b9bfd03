using FlowMeter.Tests.Rules;

namespace FlowMeter.Tests.EndToEnd;

/// <summary>scripts/release in a repository of its own, whose tests and packages are empty.</summary>
[Trait("Category", "EndToEnd")]
public sealed class ReleaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ReleaseTests()
    {
        Directory.CreateDirectory(_folder["scripts"]);
        File.Copy(Path.Combine(SourceTree.Root!, "scripts/release"), _folder["scripts/release"]);
        _folder.Write("Directory.Build.props", "<Version>0.1.0</Version>\n");
        _folder.Write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n### Features\n\n- One.\n\n## 0.1.0 (2026-01-01)\n\n- Zero.\n");
        _folder.Write(".gitignore", "artifacts/\n");
        _folder.Write(
            "scripts/test", "#!/bin/sh\nmkdir -p artifacts; echo program > artifacts/flowmeter; echo symbols > artifacts/flowmeter.dbg\n");
        _folder.Write(
            "scripts/package",
            "#!/bin/sh\nv=$(sed -n 's/.*<Version>\\(.*\\)<.*/\\1/p' Directory.Build.props)\n"
                + "touch artifacts/flowmeter_${v}-1_amd64.deb artifacts/flowmeter_${v}_amd64.cdx.json\n");
        Run("chmod +x scripts/* && git init -q && git add -A && git commit -qm begin && git tag v0.1.0").Succeeded();
    }

    public void Dispose() => _folder.Dispose();

    [BinaryFact(Need.Bash)]
    public void A_release_is_a_commit_a_tag_and_files_with_their_sums()
    {
        Run("scripts/release 0.2.0").Succeeded();
        Assert.Equal("<Version>0.2.0</Version>\n", File.ReadAllText(_folder["Directory.Build.props"]));
        Assert.Matches(
            @"^# Changelog\n\n## Unreleased\n\n## 0\.2\.0 \(\d{4}-\d\d-\d\d\)\n\n### Features\n\n- One\.\n\n## 0\.1\.0 ",
            File.ReadAllText(_folder["CHANGELOG.md"]));
        Assert.Equal("### Features\n\n- One.\n", Run("git for-each-ref refs/tags/v0.2.0 --format='%(contents)' | sed '$d'").Output);
        Assert.Equal("Release 0.2.0\n", Run("git log -1 --format=%s v0.2.0").Output);
        Assert.Equal("", Run("git status --porcelain").Output);
        Assert.Equal(
            "flowmeter: OK\nflowmeter.dbg: OK\nflowmeter_0.2.0-1_amd64.deb: OK\nflowmeter_0.2.0_amd64.cdx.json: OK\nnotes.md: OK\n",
            Run("cd artifacts/release && sha256sum -c SHA256SUMS").Succeeded().Output);
    }

    [BinaryTheory(Need.Bash)]
    [InlineData("true", "0.2", "0.2: is no version; write it as 1.2.3")]
    [InlineData("true", "0.1.0", "v0.1.0: is a tag already; choose a later version")]
    [InlineData("true", "0.0.9", "0.0.9: is before 0.1.0, which is released; choose a later version")]
    [InlineData("echo >> CHANGELOG.md", "0.2.0", "there are changes that are not committed; commit or stash them")]
    [InlineData(
        "sed -i '/^- One/d; /^### /d' CHANGELOG.md && git commit -qam x", "0.2.0",
        "CHANGELOG.md has nothing under \"## Unreleased\"; say what is new")]
    public void What_can_not_be_released_is_refused_and_changes_nothing(string before, string version, string why)
    {
        Run(before).Succeeded();
        string head = Run("git rev-parse HEAD; git status --porcelain").Output;
        Assert.Equal($"release: {why}", Run($"scripts/release {version}").EndedWith(1).OnlyLine());
        Assert.Equal(head, Run("git rev-parse HEAD; git status --porcelain").Output);
    }

    [BinaryFact(Need.Bash)]
    public void A_release_whose_tests_fail_gets_no_tag()
    {
        _folder.Write("scripts/test", "#!/bin/sh\nexit 1\n");
        Run("git commit -qam red").Succeeded();
        Assert.Contains("not made", Run("scripts/release 0.2.0").EndedWith(1).OnlyLine(), StringComparison.Ordinal);
        Assert.Equal("v0.1.0\n", Run("git tag").Output);
    }

    private Finished Run(string commands) => Launched.Start(
        "env", $"HOME={_folder.Path}", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@localhost", "GIT_COMMITTER_NAME=a",
        "GIT_COMMITTER_EMAIL=a@localhost", "bash", "-c", $"cd {_folder.Path} && {commands}").Finish();
}
