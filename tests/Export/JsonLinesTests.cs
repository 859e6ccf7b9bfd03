using System.Text;
using System.Text.Json;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Scoring;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.Export;

/// <summary>JSON Lines say what CSV says: every value of every profile, by a reader of the runtime.</summary>
public sealed class JsonLinesTests
{
    private const string Label = "a \"b\", c\\d \u00e9";

    private static readonly byte[] s_capture = CaptureWriter.Pcap(Traffic.Random(23, new TrafficShape { Conversations = 40 }));

    public static TheoryData<string> Profiles => [.. Profile.All.Select(profile => profile.Name)];

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Every_value_is_the_one_in_CSV(string profile)
    {
        EngineMeter meter = Meter(profile);
        EngineResult csv = meter.Run(s_capture);
        List<JsonElement> objects = Objects(meter, usesElasticNames: false, out long rows);
        Assert.Equal((csv.Table.Rows.Count, rows), (objects.Count, objects.Count));
        Profile found = Profile.Find(profile)!;
        HashSet<string> numbers = [.. found.Columns.Concat(Column.OfModel)
            .Where(column => column.Type is ColumnType.Integer or ColumnType.Double).Select(column => column.Name)];
        for (int row = 0; row < objects.Count; row++)
        {
            JsonProperty[] members = [.. objects[row].EnumerateObject()];
            Assert.True(csv.Table.Header.SequenceEqual(members.Select(member => member.Name)));
            Assert.Equal(csv.Table.Rows[row], members.Select(Text));
            Assert.DoesNotContain(members, member => member.Value.ValueKind != (
                Text(member).Length == 0 ? JsonValueKind.Null
                : numbers.Contains(member.Name) ? JsonValueKind.Number
                : JsonValueKind.String));
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void By_the_common_schema_no_value_is_missing_and_no_key_is_there_twice(string profile)
    {
        EngineMeter meter = Meter(profile);
        EngineResult csv = meter.Run(s_capture);
        List<JsonElement> objects = Objects(meter, usesElasticNames: true, out _);
        Assert.Equal(csv.Table.Rows.Count, objects.Count);
        foreach ((int row, JsonElement element) in objects.Index())
        {
            string[] names = [.. element.EnumerateObject().Select(member => member.Name)];
            Assert.Equal(names.Distinct(), names);
            Assert.Equal("8.17.0", element.GetProperty("ecs.version").GetString());
            Assert.Contains(element.GetProperty("network.type").GetString(), new[] { "ipv4", "ipv6" });
            HashSet<string> values = [.. element.EnumerateObject().Select(Text)];
            Assert.DoesNotContain(
                csv.Table.Rows[row].Where((_, i) => csv.Table.Header[i] != "duration_us"), cell => !values.Contains(cell));
        }

        if (profile is "flowmeter" or "extended" or "full")
        {
            JsonElement first = objects[0];
            string Cell(string name) => csv.Table.Rows[0][csv.Table.Column(name)];
            Assert.Equal(
                (Cell("start_time"), Cell("end_time"), Cell("src_ip"), Cell("dst_port")),
                (first.GetProperty("event.start").GetString()!, first.GetProperty("@timestamp").GetString()!,
                    first.GetProperty("source.ip").GetString()!, first.GetProperty("destination.port").GetRawText()));
            Assert.Equal(
                (Cell("packets"), Cell("bytes"), Cell("fwd_bytes"), Cell("bwd_packets")),
                (first.GetProperty("network.packets").GetRawText(), first.GetProperty("network.bytes").GetRawText(),
                    first.GetProperty("source.bytes").GetRawText(), first.GetProperty("destination.packets").GetRawText()));
            Assert.Equal(
                decimal.Parse(Cell("duration_us"), System.Globalization.CultureInfo.InvariantCulture) * 1000,
                first.GetProperty("event.duration").GetDecimal());
            Assert.Equal(Cell("score"), first.GetProperty("event.risk_score").GetRawText());
        }
    }

    [Fact]
    public void No_name_of_a_feature_needs_escaping_in_an_explanation() =>
        Assert.All(
            Profile.All.SelectMany(profile => profile.FeatureNames),
            name => Assert.Equal(name, JsonEncodedText.Encode(name).ToString()));

    private static EngineMeter Meter(string profile) => new()
    {
        Profile = profile,
        MinPackets = 1,
        Label = Label,
        HasCommunityId = true,
        Explain = DefaultModel.Profiles.Contains(profile) ? 3 : 0,
        Model = DefaultModel.Load(profile, Profile.Find(profile)!.FeatureNames),
    };

    private static List<JsonElement> Objects(EngineMeter meter, bool usesElasticNames, out long rows)
    {
        (byte[] bytes, rows) = meter.Encoded(s_capture, new TableEncoding(TableFormat.JsonLines), usesElasticNames);
        string text = Encoding.UTF8.GetString(bytes);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        return [.. text[..^1].Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static string Text(JsonProperty member) => member.Value.ValueKind switch
    {
        JsonValueKind.String => member.Value.GetString()!,
        JsonValueKind.Number => member.Value.GetRawText(),
        _ => "",
    };
}
