using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Decode;
using KeyWords = (ulong AUpper, ulong ALower, ulong BUpper, ulong BLower, ulong Tail);

namespace FlowMeter.Learning.Data;

/// <summary>
/// Labels by flow, from a file of tab-separated lines: capture file, protocol number, src, sport, dst, dport, first time in seconds since
/// the epoch, label. If the first line has no protocol number it is a header, which may name the columns in another order (<c>file proto
/// src sport dst dport first_ts … flow_label</c>) and have more of them. The direction does not matter. A label holds for all flows of the
/// same ends until the next label of these ends, so all flows into which timeouts divide a conversation have it. A line that is no label is
/// skipped and shown.
/// </summary>
public sealed class FlowLabels
{
    // In nanoseconds. Labels have their times from other programs, often as rounded decimals.
    private const long Tolerance = 1_000_000;
    private const int MaxShown = 3;
    private const decimal MaxSeconds = 9_000_000_000;
    private const string Form = "file, protocol number, src, sport, dst, dport, first time in seconds since 1970, label";

    private static readonly string[][] Names =
        [
            ["file", "capture"], ["proto", "protocol"], ["src"], ["sport"], ["dst"], ["dport"],
            ["first_ts", "first", "first_time", "time"], ["flow_label", "label"],
        ];

    private readonly Dictionary<string, Dictionary<KeyWords, List<(long Start, string Label)>>> _files = [];

    private readonly List<string> _skipped = [];
    private long _skippedLines;

    private FlowLabels(string path) => Path = path;

    /// <summary>The path of the label file.</summary>
    public string Path { get; }

    /// <summary>The first label of the file, for messages.</summary>
    public string Example { get; private set; } = "";

    /// <summary>Loads a label file.</summary>
    /// <param name="path">The label file.</param>
    /// <param name="tell">Receives one line on the lines that are no labels, if there are any.</param>
    /// <exception cref="DataException">The file can not be read, or no line of it is a label.</exception>
    public static FlowLabels Load(string path, Action<string> tell)
    {
        FlowLabels labels = new(path);
        using CsvReader reader = CsvReader.Open(path, '\t', isQuoted: false);
        int[] places = [0, 1, 2, 3, 4, 5, 6, 7];
        bool isFirst = true;
        while (reader.Read())
        {
            string[] fields = reader.Texts();
            if (isFirst && fields.Length > 1 && !int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                places = [.. Names.Select(names => Place(fields, names, path))];
            }
            else
            {
                labels.Add(fields, places, reader.Line);
            }

            isFirst = false;
        }

        if (labels._files.Count == 0)
        {
            throw new DataException(labels._skippedLines == 0
                ? $"{path}: no labels in it; it has lines of {Form}."
                : $"{path}: {labels._skipped[0]}, and no other line is a label; expected {Form}, with tabs between.");
        }

        if (labels._skippedLines > 0)
        {
            string more = labels._skippedLines > MaxShown ? $" and {labels._skippedLines - MaxShown} more" : "";
            tell($"warning: {path}: {labels._skippedLines} line{(labels._skippedLines == 1 ? "" : "s")} skipped, no label: "
                + string.Join("; ", labels._skipped) + more);
        }

        return labels;
    }

    /// <summary>
    /// The labels of a capture: those of the longest file name in the label file with which the path of the capture ends, else of the same
    /// last part. Null if there are none.
    /// </summary>
    internal IReadOnlyDictionary<KeyWords, List<(long Start, string Label)>>? ForCapture(string capture)
    {
        return NamedFile.Find(_files.Keys, capture) is { } name ? _files[name] : null;
    }

    /// <summary>The label of a flow: the last one of its ends that begins no later. Null if it has none.</summary>
    internal static string? Find(IReadOnlyDictionary<KeyWords, List<(long Start, string Label)>>? labels, MeteredFlow flow)
    {
        if (labels == null || !labels.TryGetValue(Words(flow.Key), out List<(long Start, string Label)>? entries))
        {
            return null;
        }

        return entries.Where(entry => entry.Start <= flow.Start + Tolerance).OrderBy(entry => entry.Start).LastOrDefault().Label;
    }

    /// <summary>A flow as a line of the label file, for messages.</summary>
    internal static string Describe(MeteredFlow flow)
    {
        (string low, string high) = (Address(flow.Key, isHigh: false), Address(flow.Key, isHigh: true));
        (string Address, int Port) source = flow.ForwardIsB ? (high, flow.Key.PortB) : (low, flow.Key.PortA);
        (string Address, int Port) destination = flow.ForwardIsB ? (low, flow.Key.PortA) : (high, flow.Key.PortB);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{flow.Key.Protocol} {source.Address} {source.Port} {destination.Address} {destination.Port} "
                + $"{flow.Start / CaptureTime.Second}.{flow.Start % CaptureTime.Second / 1000:000000}");
    }

    private static string Address(in FlowKey key, bool isHigh)
    {
        Span<byte> bytes = stackalloc byte[16];
        MemoryMarshal.Write(bytes, isHigh ? key.BUpper : key.AUpper);
        MemoryMarshal.Write(bytes[8..], isHigh ? key.BLower : key.ALower);
        return new IPAddress(key.Version == 4 ? bytes[12..] : bytes).ToString();
    }

    private static int Place(string[] header, string[] names, string path)
    {
        int place = Array.FindIndex(header, field => names.Contains(field.Trim().ToLowerInvariant()));
        return place >= 0 ? place : throw new DataException(
            $"{path}: line 1: there is no column {names[0]}; name the columns file, proto, src, sport, dst, dport, first_ts, label.");
    }

    private void Add(string[] fields, int[] places, long line)
    {
        if (fields.Length <= places.Max())
        {
            Skip(line, $"has {fields.Length} field{(fields.Length == 1 ? "" : "s")}, expected {places.Max() + 1}");
            return;
        }

        string Field(int field) => fields[places[field]].Trim();
        bool hasProtocol = byte.TryParse(Field(1), NumberStyles.None, CultureInfo.InvariantCulture, out byte protocol);
        bool hasSource = IPAddress.TryParse(Field(2), out IPAddress? source);
        bool hasSourcePort = ushort.TryParse(Field(3), NumberStyles.None, CultureInfo.InvariantCulture, out ushort sourcePort);
        bool hasDestination = IPAddress.TryParse(Field(4), out IPAddress? destination);
        bool hasDestinationPort = ushort.TryParse(Field(5), NumberStyles.None, CultureInfo.InvariantCulture, out ushort destinationPort);
        bool hasTime = decimal.TryParse(Field(6), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal seconds)
            && seconds is >= -MaxSeconds and <= MaxSeconds;
        bool[] isRead =
            [
                Field(0).Length > 0, hasProtocol, hasSource, hasSourcePort, hasDestination, hasDestinationPort, hasTime,
                Field(7).Length > 0,
            ];
        if (isRead.Contains(false))
        {
            Skip(line, "is no label: " + string.Join(", ", isRead.Index().Where(field => !field.Item).Select(
                field => $"{Names[field.Index][0]} '{Field(field.Index)}'")));
            return;
        }

        KeyWords key = KeyOf(protocol, source!, sourcePort, destination!, destinationPort);
        if (_files.Count == 0)
        {
            Example = $"{Field(0)} {protocol} {Field(2)} {sourcePort} {Field(4)} {destinationPort} {Field(6)}";
        }

        Dictionary<KeyWords, List<(long, string)>> flows =
            _files.TryGetValue(Field(0), out Dictionary<KeyWords, List<(long, string)>>? known) ? known : _files[Field(0)] = [];
        List<(long, string)> entries = flows.TryGetValue(key, out List<(long, string)>? found) ? found : flows[key] = [];
        entries.Add(((long)(seconds * CaptureTime.Second), Field(7)));
    }

    private void Skip(long line, string why)
    {
        if (_skippedLines++ < MaxShown)
        {
            _skipped.Add($"line {line} {why}");
        }
    }

    private static KeyWords KeyOf(byte protocol, IPAddress source, ushort sourcePort, IPAddress destination, ushort destinationPort)
    {
        bool isV4 = source.AddressFamily == AddressFamily.InterNetwork;
        PacketHeaders headers = new()
        {
            SourceUpper = Words(source).A,
            SourceLower = Words(source).B,
            DestinationUpper = Words(destination).A,
            DestinationLower = Words(destination).B,
            SourcePort = sourcePort,
            DestinationPort = destinationPort,
            Protocol = protocol,
            Version = (byte)(isV4 ? 4 : 6),
        };
        return Words(FlowKey.From(in headers, out _));
    }

    private static KeyWords Words(in FlowKey key) => (key.AUpper, key.ALower, key.BUpper, key.BLower, key.Tail);

    /// <summary>The 16 bytes of an address as they are in memory, an IPv4 address in its mapped place.</summary>
    private static (ulong A, ulong B) Words(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        return (MemoryMarshal.Read<ulong>(bytes), MemoryMarshal.Read<ulong>(bytes[8..]));
    }
}
