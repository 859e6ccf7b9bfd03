using System.Reflection;
using System.Text;
using System.Text.Json;
using FlowMeter.Cli.Telemetry;
using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Packets;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Tests.Cli.Telemetry;

/// <summary>A counter is declared once: whoever shows counters has it then, and what the engine counts is declared.</summary>
public sealed class CountersTests
{
    private static readonly Counter<long> s_new = new("new_things", CounterUnit.Packets, "Things that are new.", value => value)
    {
        Metric = "flowmeter_new_things_total",
        Line = "new things",
        Words = "of a kind that nobody knew",
        Statistic = "new {0}",
    };

    [Fact]
    public void A_new_counter_is_in_every_output()
    {
        MetricsText page = new();
        page.Counters([s_new], 1234);

        Assert.Equal("{\"new_things\":1234}", Json([s_new], 1234));
        Assert.Equal(1234, PrometheusText.Parse(Encoding.UTF8.GetString(page.ToBytes()))["flowmeter_new_things_total"]);
        Assert.Equal([("new things", 1234L, "of a kind that nobody knew")], CounterText.Lines([s_new], 1234));
        Assert.Equal("1,234 of a kind that nobody knew", CounterText.Parts([s_new], 1234));
        Assert.Equal("new 1,234", CounterText.Statistics([s_new], 1234));
    }

    [Fact]
    public void Groups_are_objects_and_what_has_no_name_is_not_there() =>
        Assert.Equal(
            "{\"a\":1,\"g\":{\"b\":1,\"c\":1},\"h\":{\"d\":1}}",
            Json([New("a", null), New("b", "g"), New("c", "g"), New(null, null), New("d", "h")], 1));

    /// <summary>
    /// Every number that a type of the engine counts is read by a counter: each is given a value of its own, which must turn up.
    /// </summary>
    [Fact]
    public void What_the_engine_counts_is_declared()
    {
        FrameCounts frames = new();
        FlowCounts flows = new();
        DataReduction split = new(11, 12, 13, 14, 15);
        long[] ofFrames =
            [.. Enum.GetValues<DecodeResult>().Select((result, i) => Repeat(i + 1, () => frames.Add(result))), .. SetAll(frames)];
        long[] ofFlows = [.. EndReasonText.All.Select((reason, i) => Repeat(i + 1, () => flows.Add(reason))), .. SetAll(flows)];

        Assert.Empty(ofFrames.Except(FrameCounters().Select(counter => counter.Read(frames))));
        Assert.Empty(ofFlows.Except(FlowCounters().Select(counter => counter.Read(flows))));
        Assert.Equal([11, 12, 13, 14, 15], Counters.Split.Select(counter => counter.Read(split)));
    }

    [Fact]
    public void Names_are_ones_of_their_formats_and_come_once()
    {
        Check(Counters.Run);
        Check(Counters.Capture);
        Check(Counters.Worker);
        Check(Counters.Split);
        Check(Counters.Forward);
        Check([Counters.FileFrames, .. Counters.FileDrops]);
        Check(Counters.Verdicts);
    }

    [Fact]
    public void Every_member_of_an_enumeration_has_a_word_of_its_own()
    {
        Assert.Equal(Enum.GetValues<Verdict>(), VerdictText.All);
        Assert.Equal(Enum.GetValues<FlowEndReason>().Where(reason => reason != FlowEndReason.None), EndReasonText.All);
        Assert.Equal(Enum.GetValues<DecodeResult>().Where(result => result != DecodeResult.Metered), DecodeResultText.Skipped);
        Assert.Distinct(VerdictText.All.Select(VerdictText.Name));
        Assert.Distinct(EndReasonText.All.Select(EndReasonText.Name));
        Assert.Distinct(Enum.GetValues<DecodeResult>().Select(DecodeResultText.Name));
    }

    private static void Check<TSource>(IReadOnlyList<Counter<TSource>> counters)
    {
        Assert.All(
            counters,
            counter => Assert.True(counter.Name == null || counter.Name.All(letter => char.IsAsciiLetterLower(letter) || letter == '_')));
        Assert.All(counters, counter => Assert.EndsWith(".", counter.Help, StringComparison.Ordinal));
        Assert.All(counters, counter => Assert.True(counter.Line == null || counter.Words != null, counter.Help));
        Assert.Distinct(counters.Where(counter => counter.Name != null).Select(counter => (counter.Group, counter.Name)));
        Assert.Distinct(counters.Where(counter => counter.Metric != null).Select(counter => (counter.Metric, counter.Label)));
        Assert.All(
            counters.Where(counter => counter.Metric != null).GroupBy(counter => counter.Metric),
            family => Assert.Single(family.Select(counter => (counter.Help, counter.IsGauge, counter.Label?.Name)).Distinct()));
        Assert.All(
            counters.Where(counter => counter.Metric != null),
            counter => Assert.Equal(!counter.IsGauge, counter.Metric!.StartsWith("flowmeter_", StringComparison.Ordinal)
                && counter.Metric.EndsWith("_total", StringComparison.Ordinal)));
    }

    private static IEnumerable<Counter<FrameCounts>> FrameCounters() =>
        [Counters.Frames, Counters.Metered, .. Counters.Skipped, Counters.OutsideProfile, Counters.MeteredBytes, Counters.LongFrames];

    private static IEnumerable<Counter<FlowCounts>> FlowCounters() =>
        [Counters.Flows, Counters.LiveFlows, .. Counters.EndReasons, .. Counters.OfFlows];

    /// <summary>Gives every number that can be set a value that no other has, and returns them.</summary>
    private static IEnumerable<long> SetAll<TCounts>(TCounts counts)
    {
        long value = 1000;
        foreach (PropertyInfo property in typeof(TCounts).GetProperties().Where(
            property => property.PropertyType == typeof(long) && property.SetMethod != null))
        {
            property.SetValue(counts, ++value);
            yield return value;
        }
    }

    private static long Repeat(int times, Action action)
    {
        for (int i = 0; i < times; i++)
        {
            action();
        }

        return times;
    }

    private static Counter<long> New(string? name, string? group) =>
        new(name, CounterUnit.Packets, "One.", value => value) { Group = group };

    private static string Json(IReadOnlyList<Counter<long>> counters, long value)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter to = new(stream))
        {
            to.WriteStartObject();
            CounterJson.Write(to, counters, value);
            to.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
