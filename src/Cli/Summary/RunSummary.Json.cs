using System.Text.Json;
using FlowMeter.Cli.Telemetry;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Scoring;

namespace FlowMeter.Cli.Summary;

/// <content>The members of the JSON.</content>
internal sealed partial record RunSummary
{
    private void WriteMembers(Utf8JsonWriter to)
    {
        to.WriteString("profile", Profile);
        CounterJson.Write(to, Counters.Run, Counts);
        to.WriteNumber("seconds", Seconds);
        to.WriteNumber("packets_per_second", PacketsPerSecond);
        WriteNumber(to, "decide_after", DecideAfter);
        WriteModel(to);
        WriteVerdicts(to);
        WriteDrift(to);
        to.WriteNumber("workers", Workers);
        to.WriteNumber("least_packets", MinPackets);
        WriteSplit(to);
        WriteHosts(to);
        CounterJson.Write(to, [Counters.LongFrames], Counts.Frames);
        WriteNumber(to, "unknown_ether_type", Counts.Frames.TopUnknownType);
        WriteNumber(to, "protocol_outside_profile", Counts.Frames.TopProtocolOutside);
        WriteNumber(to, "unsupported_link_type", Counts.Frames.UnsupportedLinkType);
        WriteNumber(to, "filtered_out", FilteredOut);
        WriteFiles(to);
        WriteCapture(to);
    }

    private void WriteModel(Utf8JsonWriter to)
    {
        if (Model == null)
        {
            to.WriteNull("model");
            return;
        }

        to.WriteStartObject("model");
        to.WriteString("name", Model.Name);
        to.WriteString("profile", Model.Profile);
        to.WriteNumber("threshold", Model.Threshold);
        to.WriteNumber("benign_below", Model.BenignBelow);
        to.WriteBoolean("untuned", Model.IsUntuned);
        to.WriteEndObject();
    }

    private void WriteVerdicts(Utf8JsonWriter to)
    {
        if (Bypassed is not { } bypassed)
        {
            to.WriteNull("verdicts");
            to.WriteNull(Counters.ByHost.Name!);
            to.WriteNull("data_reduction");
            return;
        }

        CounterJson.Write(to, [.. Counters.Verdicts, Counters.ByHost], Counts.Totals);
        to.WriteStartObject("data_reduction");
        to.WriteNumber("packets", bypassed.Packets);
        to.WriteNumber("bytes", bypassed.Bytes);
        to.WriteEndObject();
    }

    private void WriteHosts(Utf8JsonWriter to)
    {
        if (Hosts == null)
        {
            to.WriteNull("hosts");
            return;
        }

        to.WriteStartObject("hosts");
        CounterJson.Write(to, Counters.Hosts, Hosts);
        to.WriteEndObject();
    }

    private void WriteDrift(Utf8JsonWriter to)
    {
        if (Counts.Totals.Drift is not { } drift)
        {
            to.WriteNull("drift");
            return;
        }

        to.WriteStartObject("drift");
        to.WriteNumber("flows", drift.Flows);
        to.WriteNumber("overall", drift.Overall);
        to.WriteStartObject("features");
        foreach ((string name, double index) in drift.Features)
        {
            to.WriteNumber(name, index);
        }

        to.WriteEndObject();
        to.WriteEndObject();
    }

    private void WriteSplit(Utf8JsonWriter to)
    {
        if (Split == null)
        {
            to.WriteNull("split");
            return;
        }

        to.WriteStartObject("split");
        CounterJson.Write(to, Counters.Split, Split);
        to.WriteNumber("frames_spared", Split.FramesBypassed);
        to.WriteNumber("bytes_spared", Split.BytesBypassed);
        to.WriteEndObject();
    }

    private void WriteFiles(Utf8JsonWriter to)
    {
        if (Files == null)
        {
            to.WriteNull("files");
            return;
        }

        to.WriteStartArray("files");
        foreach (CaptureFile file in Files)
        {
            to.WriteStartObject();
            to.WriteString("name", file.Path);
            CounterJson.Write(to, [Counters.FileFrames, .. Counters.FileDrops], file);
            to.WriteString("error", file.Failure?.Message);
            to.WriteEndObject();
        }

        to.WriteEndArray();
    }

    private void WriteCapture(Utf8JsonWriter to)
    {
        if (Capture == null)
        {
            to.WriteNull("capture");
            return;
        }

        to.WriteStartObject("capture");
        CounterJson.Write(to, Counters.Capture, Capture);
        if (Capture.Broker is { } broker)
        {
            to.WriteStartObject("broker");
            to.WriteString("address", broker.Name);
            CounterJson.Write(to, Counters.Broker, broker);
            to.WriteEndObject();
        }
        else
        {
            to.WriteNull("broker");
        }

        if (Capture.Routing?.Forwarder is { } forwarder)
        {
            to.WriteStartObject("forward");
            to.WriteString("interface", forwarder.Name);
            CounterJson.Write(to, Counters.Forward, forwarder);
            to.WriteEndObject();
        }
        else
        {
            to.WriteNull("forward");
        }

        to.WriteStartArray("workers");
        foreach (WorkerCounts worker in Capture.Workers)
        {
            to.WriteStartObject();
            to.WriteString("interface", worker.Interface);
            CounterJson.Write(to, Counters.Worker, worker);
            to.WriteEndObject();
        }

        to.WriteEndArray();
        to.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter to, string name, long? value)
    {
        if (value is { } number)
        {
            to.WriteNumber(name, number);
        }
        else
        {
            to.WriteNull(name);
        }
    }
}
