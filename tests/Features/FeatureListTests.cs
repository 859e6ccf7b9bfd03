using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Metering;
using FlowMeter.Engine.Numerics;
using FlowMeter.Engine.Scoring;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Features;

/// <summary>
/// A profile's list of features is both its words and what fills them: whatever the flow, every column is filled, in the kind that the list
/// says.
/// </summary>
public sealed class FeatureListTests
{
    private const ulong Unset = 0xDEAD_0000_DEAD_0000;

    public static TheoryData<string> Profiles => [.. Profile.All.Select(profile => profile.Name)];

    [Theory, MemberData(nameof(Profiles))]
    public void Every_column_of_every_flow_is_filled_in_its_kind(string name)
    {
        Profile profile = Profile.Find(name)!;
        List<string> offences = [];
        int flows = 0;
        for (int seed = 0; seed < 10; seed++)
        {
            byte[] capture = CaptureWriter.Pcap(Traffic.Random(seed, new TrafficShape { SpreadNs = 30_000_000_000 }));
            using IPacketSource source = Savefile.Open("capture", new MemoryStream(capture), _ => { });
            FlowOptions flow = new() { Rules = profile.Rules, MinPackets = 1, MaxFlows = 1 << 12, MaxHistory = 1 << 20 };
            using MeteringProcess process = new(
                profile, new MeteringOptions { Flow = flow }, null,
                features => new CheckingSink(profile, features, offences, count => flows += count));
            process.Run(source, CancellationToken.None);
        }

        Assert.Empty(offences);
        Assert.InRange(flows, 100, int.MaxValue);
    }

    [Theory, MemberData(nameof(Profiles))]
    public void The_words_are_whole_and_no_name_comes_twice(string name)
    {
        Profile profile = Profile.Find(name)!;
        Column[] all = [.. profile.Columns.Union(profile.Features)];
        Assert.All(all, column => Assert.False((column.Name + column.Unit + column.Meaning).AsSpan().ContainsAny("{}")));
        Assert.All(profile.Features, column => Assert.NotEqual("", column.Unit));
        Assert.Equal(all.Length, all.Select(column => column.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(Enumerable.Range(0, profile.Features.Count), profile.Features.Select(column => column.Feature));
    }

    /// <summary>Looks at every block that comes, and leaves it as if nobody had ever filled it.</summary>
    private sealed unsafe class CheckingSink : IFlowSink
    {
        private readonly Profile _profile;
        private readonly FeatureBlock _features;
        private readonly List<string> _offences;
        private readonly Action<int> _tell;

        public CheckingSink(Profile profile, FeatureBlock features, List<string> offences, Action<int> tell)
        {
            (_profile, _features, _offences, _tell) = (profile, features, offences, tell);
            Clear();
        }

        public void Write(FlowRecordBlock records, BlockScorer? scores)
        {
            _tell(records.Count);
            foreach (Column column in _profile.Features)
            {
                for (int i = 0; i < records.Count; i++)
                {
                    double value = _features.Column(column.Feature)[i];
                    ulong integer = _features.Integers(column.Feature)[i];
                    bool isRight = column.Source switch
                    {
                        ColumnSource.Integer => integer != Unset && value == integer,
                        ColumnSource.Thousandths => integer != Unset && value == Quotient.Divide(integer, 1000),
                        _ => double.IsFinite(value),
                    };
                    if (!isRight)
                    {
                        lock (_offences)
                        {
                            _offences.Add($"{column.Name} of flow {i}: {column.Source} {value}, {integer}");
                        }
                    }
                }
            }

            Clear();
        }

        public void Flush()
        {
        }

        public void Dispose()
        {
        }

        private void Clear()
        {
            for (int feature = 0; feature < _features.Features; feature++)
            {
                new Span<double>(_features.Column(feature), FeatureBlock.Capacity).Fill(double.NaN);
                new Span<ulong>(_features.Integers(feature), FeatureBlock.Capacity).Fill(Unset);
            }
        }
    }
}
