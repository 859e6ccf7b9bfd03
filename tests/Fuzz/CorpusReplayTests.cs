using System.Diagnostics;
using FlowMeter.Tests.Rules;

namespace FlowMeter.Tests.Fuzz;

/// <summary>
/// Every target of the fuzzer on its corpus, and on what comes of it by random changes: the same ones in each run, so that a failure is one
/// that everybody has. It needs no coverage; <c>scripts/fuzz</c> looks further.
/// </summary>
public sealed class CorpusReplayTests
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(1);

    public static TheoryData<string> Targets => [.. FuzzTarget.All.Select(target => target.Name)];

    [Theory, MemberData(nameof(Targets))]
    public void The_corpus_holds(string name)
    {
        foreach ((string file, byte[] bytes) in Corpus(name))
        {
            Run(FuzzTarget.Find(name), bytes, file);
        }
    }

    [Theory]
    [InlineData("savefile", 2000)]
    [InlineData("decode", 2000)]
    [InlineData("meter", 300)]
    [InlineData("split", 500)]
    [InlineData("model", 2000)]
    [InlineData("table", 600)]
    [InlineData("labels", 1000)]
    [InlineData("http", 1000)]
    [InlineData("page", 1000)]
    [InlineData("expression", 3000)]
    [InlineData("name", 2000)]
    [InlineData("payload", 3000)]
    public void Random_changes_of_the_corpus_hold(string name, int changes)
    {
        (string File, byte[] Bytes)[] corpus = Corpus(name);
        FuzzTarget target = FuzzTarget.Find(name);
        for (int seed = 0; seed < changes; seed++)
        {
            Random random = new(seed);
            byte[] changed = new ByteMutator(seed).Change(
                corpus[random.Next(corpus.Length)].Bytes, corpus[random.Next(corpus.Length)].Bytes);
            Run(target, changed, $"seed {seed}");
        }
    }

    /// <summary>What the program under the fuzzer replays is what lies in the repository, and not much of it.</summary>
    [Fact]
    public void The_corpus_is_small()
    {
        Assert.Equal(
            FuzzTarget.All.Select(target => target.Name).Order(StringComparer.Ordinal),
            Directory.GetDirectories(Root).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal));
        long length = Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
        Assert.InRange(length, 1, 300_000);
    }

    private static string Root => Path.Combine(SourceTree.Root!, "tests", "Fuzz", "Corpus");

    private static (string File, byte[] Bytes)[] Corpus(string target) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, target)).Order(StringComparer.Ordinal).Select(
            file => (Path.GetFileName(file), File.ReadAllBytes(file))),
    ];

    // The first runs compile the code, and on a shared machine anything may take long once, but not again and again.
    private static void Run(FuzzTarget target, byte[] bytes, string name)
    {
        TimeSpan took = TimeSpan.MaxValue;
        for (int tries = 0; tries < 3 && took >= 10 * s_longest; tries++)
        {
            Stopwatch clock = Stopwatch.StartNew();
            try
            {
                target.Run(bytes);
            }
            catch (Exception e)
            {
                Assert.Fail($"{target.Name}, {name}: {e}\nthe bytes: {Convert.ToBase64String(bytes)}");
            }

            took = clock.Elapsed;
        }

        Assert.True(took < 10 * s_longest, $"{target.Name}, {name}: took {took}, three times");
    }
}
