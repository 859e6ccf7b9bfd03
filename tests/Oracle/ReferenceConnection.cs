namespace FlowMeter.Tests.Oracle;

/// <summary>
/// Zeek's conn_state of a flow, from the list of its packets: each end's states in their order, then one question after the other, as
/// conn/main.zeek asks them.
/// </summary>
internal static class ReferenceConnection
{
    public static string Of(ReferenceFlow flow)
    {
        if (flow.Protocol != 6)
        {
            return flow.Packets.Any(packet => packet.Forward) && flow.Packets.Any(packet => !packet.Forward) ? "SF" : "S0";
        }

        ReferenceFlow.Packet first = flow.Packets[0];
        bool forwardOpened = first.Forward != (Has(first, 'S') && Has(first, 'A'));
        List<string> originator = ["inactive"];
        List<string> responder = ["inactive"];
        string history = "";
        foreach (ReferenceFlow.Packet packet in flow.Packets)
        {
            bool isOriginator = packet.Forward == forwardOpened;
            history += isOriginator ? Letter(packet) : "";
            Step(packet, isOriginator, isOriginator ? originator : responder, isOriginator ? responder : originator);
        }

        return Name(originator[^1], responder[^1], flow.Packets.Any(packet => packet.HasData), history);
    }

    private static bool Has(ReferenceFlow.Packet packet, char flag) => (packet.TcpFlags & flag switch
    {
        'F' => ReferencePacket.Fin,
        'S' => ReferencePacket.Syn,
        'R' => ReferencePacket.Rst,
        _ => ReferencePacket.Ack,
    }) != 0;

    private static string Letter(ReferenceFlow.Packet packet)
    {
        char[] control = [.. "SFR".Where(flag => Has(packet, flag))];
        return control.Length > 1 ? "Q"
            : control is ['S'] && Has(packet, 'A') ? "H"
            : control.Length == 1 ? $"{control[0]}"
            : packet.HasData ? "D"
            : Has(packet, 'A') ? "A" : "";
    }

    private static void Step(ReferenceFlow.Packet packet, bool isOriginator, List<string> own, List<string> other)
    {
        string before = own[^1];
        void Become(List<string> end, string state)
        {
            if (end[^1] != state)
            {
                end.Add(state);
            }
        }

        if (before == "inactive")
        {
            if (Has(packet, 'S') && isOriginator)
            {
                Become(own, Has(packet, 'A') ? "SYN+ACK sent" : "SYN sent");
            }
            else if (Has(packet, 'S'))
            {
                Become(other, other[^1] == "SYN sent" ? "established" : other[^1]);
                Become(own, "established");
            }

            Become(own, Has(packet, 'F') ? "closed" : own[^1]);
            Become(own, Has(packet, 'R') ? "reset" : own[^1]);
            bool isEarlyAck = !isOriginator && !packet.HasData && other[^1] == "SYN sent";
            if (own[^1] == "inactive" && !isEarlyAck)
            {
                Become(own, Has(packet, 'A') && other[^1] == "established" ? "established" : "partial");
            }
        }
        else if (before.EndsWith("sent", StringComparison.Ordinal))
        {
            Become(own, Has(packet, 'F') ? "closed" : own[^1]);
            Become(own, Has(packet, 'R') ? "reset" : own[^1]);
        }
        else if (before is "established" or "partial")
        {
            bool isLateSyn = Has(packet, 'S') && !Has(packet, 'A') && before == "partial" && other[^1] == "inactive";
            Become(own, isLateSyn ? "SYN sent" : own[^1]);
            if (Has(packet, 'F') && !Has(packet, 'R'))
            {
                Become(own, "closed");
                Become(other, other is [.., "closed", "reset"] ? "closed" : other[^1]);
            }

            Become(own, Has(packet, 'R') ? "reset" : own[^1]);
        }
        else if (before == "closed" && other[^1] != "closed")
        {
            Become(own, Has(packet, 'R') ? "reset" : own[^1]);
        }
    }

    private static string Name(string originator, string responder, bool hasData, string history)
    {
        bool IsUnknown(string state) => state is "inactive" or "partial";
        int reset = history.IndexOf('R', StringComparison.Ordinal);
        if (responder == "reset")
        {
            return originator.EndsWith("sent", StringComparison.Ordinal) || (originator == "reset" && !hasData) ? "REJ"
                : IsUnknown(originator) ? "RSTRH" : "RSTR";
        }

        if (originator == "reset")
        {
            return !IsUnknown(responder) ? "RSTO"
                : history.StartsWith('S') && reset > 0 && !history[..reset].Any("HAFQ".Contains) ? "RSTOS0"
                : "OTH";
        }

        return (originator, responder) switch
        {
            ("closed", "closed") => "SF",
            ("closed", _) => IsUnknown(responder) ? "SH" : "S2",
            (_, "closed") => IsUnknown(originator) ? "SHR" : "S3",
            ("SYN sent", "inactive") => "S0",
            ("established", "established") => "S1",
            _ => "OTH",
        };
    }
}
