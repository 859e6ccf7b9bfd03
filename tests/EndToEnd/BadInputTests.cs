using FlowMeter.Tests.Oracle;
using FlowMeter.Tests.Support;

namespace FlowMeter.Tests.EndToEnd;

[Trait("Category", "EndToEnd")]
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BinaryFact]
    public void A_missing_file_is_told() =>
        Assert.Equal($"flowmeter: {_folder["none.pcap"]}: no such file; check the path.", Failure(_folder["none.pcap"]));

    [BinaryFact]
    public void A_missing_second_file_is_told_before_the_first_is_metered() => Assert.Contains(
        $"{_folder["none.pcap"]}: no such file", Failure(Samples.Office, _folder["none.pcap"]), StringComparison.Ordinal);

    [BinaryFact]
    public void A_folder_is_told_how_to_name_the_files_in_it() =>
        Assert.Contains($"{_folder.Path}: is a directory; name the capture files in it", Failure(_folder.Path), StringComparison.Ordinal);

    [BinaryFact]
    public void An_empty_file_is_told()
    {
        string path = _folder.Write("empty.pcap", "");
        Assert.Contains($"{path}: is empty", Failure(path), StringComparison.Ordinal);
    }

    [BinaryFact]
    public void A_text_file_is_told_what_is_read_instead()
    {
        string path = _folder.Write("notes.txt", "Dear diary, today I captured nothing.");
        Assert.Contains(
            $"{path}: is not a capture (it begins with \"Dear dia\"); pcap and pcapng are read", Failure(path), StringComparison.Ordinal);
    }

    [BinaryFact]
    public void An_empty_standard_input_is_told() => Assert.Contains("standard input: is empty", Failure("-"), StringComparison.Ordinal);

    [BinaryFact]
    public void An_empty_word_is_no_path()
    {
        Assert.Contains("FILE: the path is empty", FlowMeterBinary.Run("read", "").EndedWith(2).OnlyLine(), StringComparison.Ordinal);
        Assert.Contains(
            "--output: the path is empty", FlowMeterBinary.Run("read", Samples.Office, "-o", "").EndedWith(2).OnlyLine(),
            StringComparison.Ordinal);
    }

    [BinaryFact(Need.Root)]
    public void A_file_without_permission_is_told()
    {
        string path = _folder.WriteCapture("secret.pcap", Samples.Udp(1, 0));
        Nobody.ChangeMode("600", path);
        Finished finished = Nobody.Run(_folder, "read", path).EndedWith(1);
        Assert.Equal($"flowmeter: {path}: permission denied; make the file readable for this user.", finished.OnlyLine());
    }

    [BinaryFact]
    public void Replay_of_a_torn_capture_plays_what_is_whole_and_fails()
    {
        string path = _folder.Write("torn.pcap", CaptureWriter.Pcap([Samples.Udp(1, 0), Samples.Udp(1, 1)])[..^5]);
        Finished finished = FlowMeterBinary.Run("replay", path).EndedWith(1);
        Assert.Matches("packets +1 ", finished.Output);
        Assert.Contains($"{path}: ends inside a record", finished.OnlyLine(), StringComparison.Ordinal);
    }

    [BinaryFact]
    public void Of_many_files_out_of_order_the_first_are_named()
    {
        string[] files = [.. Enumerable.Range(0, 20).Select(i => _folder.WriteCapture($"{i}.pcap", Samples.Udp(1, 100 - i)))];
        string[] lines = FlowMeterBinary.Run(["read", "-q", "-o", _folder["flows.csv"], .. files]).Succeeded().Errors.Split(
            '\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5, lines.Count(line => line.Contains(" s before ", StringComparison.Ordinal)));
        Assert.Contains(
            "further files begin before", Assert.Single(lines, line => !line.Contains(" s before ", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [BinaryFact]
    public void A_torn_last_record_is_a_failure_and_all_whole_records_are_metered()
    {
        byte[] capture = CaptureWriter.Pcap([Samples.Udp(1, 0), Samples.Udp(1, 1), Samples.Udp(1, 2)]);
        string path = _folder.Write("torn.pcap", capture[..^5]);
        Finished finished = FlowMeterBinary.Run("read", path, "-q").EndedWith(1);
        Assert.Equal(["2"], CsvTable.Parse(finished.Output).Texts("packets"));
        Assert.StartsWith($"flowmeter: {path}: ends inside a record", finished.OnlyLine(), StringComparison.Ordinal);
    }

    [BinaryTheory]
    [InlineData("1")]
    [InlineData("3")]
    public void What_came_before_a_lying_record_length_is_written_and_summed_up(string workers)
    {
        byte[] capture = CaptureWriter.Pcap([Samples.Udp(1, 0), Samples.Udp(1, 1), Samples.Udp(1, 2)]);
        int record = (capture.Length - 24) / 3;
        capture.AsSpan(24 + (2 * record) + 8, 4).Fill(0x7F);
        string path = _folder.Write("lying.pcap", capture);
        Finished finished = FlowMeterBinary.Run(
            "read", path, "-q", "-o", _folder["flows.csv"], "--summary", _folder["s.json"], "--workers", workers).EndedWith(1);
        Assert.Contains(
            $"{path}: damaged at byte {24 + (2 * record)}: a record states 2139062143 captured bytes", finished.OnlyLine(),
            StringComparison.Ordinal);
        Assert.EndsWith($"The rows are in {_folder["flows.csv.partial"]}.", finished.OnlyLine(), StringComparison.Ordinal);
        Assert.Equal(["2"], CsvTable.ReadFile(_folder["flows.csv.partial"]).Texts("packets"));
        Assert.Equal(2, Summary.Read(_folder["s.json"]).Frames);
        Assert.Equal(["flows.csv.partial", "lying.pcap", "s.json"], _folder.Names());
    }

    [BinaryFact]
    public void A_second_file_that_is_no_capture_is_told_before_the_first_is_metered() => Assert.Contains(
        "is not a capture", Failure(_folder.WriteCapture("1.pcap", Samples.Udp(1, 0)), _folder.Write("2.pcap", "no capture")),
        StringComparison.Ordinal);

    [BinaryTheory]
    [InlineData("1")]
    [InlineData("3")]
    public void An_empty_file_between_two_costs_nothing_of_the_others(string workers)
    {
        string first = _folder.WriteCapture("1.pcap", Samples.Udp(1, 0));
        string last = _folder.WriteCapture("2.pcap", Samples.Udp(1, 1));
        string empty = _folder.Write("empty.pcap", "");
        _folder.Write("flows.csv", "old");
        Finished finished = FlowMeterBinary.Run(
            "read", first, empty, last, "-q", "-o", _folder["flows.csv"], "--packets", _folder["packets.csv"], "--summary",
            _folder["s.json"], "--workers", workers).EndedWith(1);
        Assert.Contains($"1 of 3 files could not be read to their end: {empty}", finished.Errors, StringComparison.Ordinal);
        Assert.Equal(["2"], CsvTable.ReadFile(_folder["flows.csv.partial"]).Texts("packets"));
        Assert.Equal("old", File.ReadAllText(_folder["flows.csv"]));
        Assert.Equal(2, CsvTable.ReadFile(_folder["packets.csv.partial"]).Rows.Count);
        Assert.False(File.Exists(_folder["packets.csv"]));
        Assert.Contains("is empty", Summary.Read(_folder["s.json"])["files"][1].GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [BinaryFact]
    public void A_filter_that_keeps_all_frames_out_says_so()
    {
        string path = _folder.WriteCapture("a.pcap", Samples.Udp(1, 0), Samples.Udp(1, 1));
        Assert.Equal(
            "0 flows: no frame matches the filter, which kept all 2 frames out",
            FlowMeterBinary.Run("read", path, "--filter", "tcp").Succeeded().OnlyLine());
    }

    [BinaryFact]
    public void A_filter_that_does_not_fit_the_second_files_link_type_keeps_the_first_files_flows()
    {
        string first = _folder.WriteCapture("1.pcap", Samples.Udp(1, 0));
        byte[] packet = PacketBuilder.IPv4("192.0.2.1", "198.51.100.2", PacketBuilder.UdpProtocol, PacketBuilder.Udp(1, 2));
        string second = _folder.WriteCapture("2.pcap", Frame.Whole(PacketBuilder.LinkRaw, 0, packet));
        Finished finished = FlowMeterBinary.Run("read", first, second, "-q", "--filter", "ether host 02:00:00:00:00:01").EndedWith(1);
        Assert.Contains("--filter", finished.Errors, StringComparison.Ordinal);
        Assert.Equal(["1"], CsvTable.Parse(finished.Output).Texts("packets"));
    }

    [BinaryFact]
    public void A_wrong_filter_is_told_before_anything_is_written()
    {
        string line = Failure(Samples.Office, "--filter", "tcp prot 80");
        Assert.Contains("tcp prot 80", line, StringComparison.Ordinal);
        Assert.Contains("pcap-filter", line, StringComparison.Ordinal);
    }

    [BinaryFact]
    public void A_capture_without_a_flow_says_why()
    {
        string path = _folder.WriteCapture("arp.pcap", [.. Enumerable.Range(0, 14).Select(i => Samples.Arp(i))]);
        Assert.Equal(
            "0 flows: 14 frames, all non_ip; most without IP have EtherType 0x0806",
            FlowMeterBinary.Run("read", path).Succeeded().OnlyLine());
        byte[] ping = PacketBuilder.EthernetIP(
            PacketBuilder.IPv4("192.0.2.1", "198.51.100.2", PacketBuilder.IcmpProtocol, PacketBuilder.Icmp(8)));
        string pings = _folder.WriteCapture("ping.pcap", Frame.Whole(PacketBuilder.LinkEthernet, 0, ping));
        Assert.Equal(
            "0 flows: 1 frame, all left out by profile deepfence; most left out have IP protocol 1",
            FlowMeterBinary.Run("read", pings, "--profile", "deepfence").Succeeded().OnlyLine());
    }

    [BinaryFact]
    public void A_capture_of_an_unknown_link_type_says_so()
    {
        string path = _folder.Write("usb.pcap", CaptureWriter.Pcap([Samples.Udp(1, 0), Samples.Udp(1, 1)], linkType: 220));
        foreach (string[] command in new string[][] { ["read", path, "-q"], ["replay", path] })
        {
            string line = FlowMeterBinary.Run(command).EndedWith(1).OnlyLine();
            Assert.Contains("linktype USB_LINUX_MMAPPED (220) is not supported", line, StringComparison.Ordinal);
        }
    }

    [BinaryFact]
    public void A_capture_without_frames_says_so() => Assert.Equal(
        "0 flows: the capture holds no frames", FlowMeterBinary.Run("read", _folder.WriteCapture("none.pcap")).Succeeded().OnlyLine());

    [BinaryTheory]
    [InlineData("--colour", "--colour: no such option")]
    [InlineData("--local-net=10.0.0.1/8", "--local-net 10.0.0.1/8: not a network; write it as 192.168.0.0/16")]
    [InlineData("--local-net=2001:db8::1/32", "--local-net 2001:db8::1/32: not a network")]
    [InlineData("--local-net=10.1/16", "--local-net 10.1/16: not a network")]
    [InlineData("--local-net=010.0.0.0/8", "--local-net 010.0.0.0/8: not a network")]
    [InlineData("--local-net=fe80::%1/64", "--local-net fe80::%1/64: not a network")]
    [InlineData("--local-net=10.0.0.0", "--local-net 10.0.0.0: not a network")]
    [InlineData("--local-net=home", "--local-net home: not a network")]
    [InlineData("--idle-timeout=soon", "--idle-timeout soon: is not a time from 1ns to 9000000000s, as 90s, 1h30m or 500ms, or off.")]
    [InlineData("--idle-timeout=-1", "--idle-timeout -1: is not a time")]
    [InlineData("--active-timeout=1,5", "--active-timeout 1,5: is not a time")]
    [InlineData("--min-packets=0", "--min-packets 0: is not a whole number from 1")]
    [InlineData("--max-flows=many", "--max-flows many: is not a whole number from 1")]
    [InlineData("--workers=257", "--workers 257: is not a whole number from 1 to 256")]
    [InlineData("--profile=netflow", "--profile netflow: is not flowmeter, extended, full, cic, appflow or deepfence")]
    [InlineData("--model=", "Required argument missing for option: '--model'")]
    public void A_wrong_option_is_told_with_what_it_should_be(string option, string message)
    {
        Finished finished = FlowMeterBinary.Run("read", Samples.Office, option).EndedWith(2);
        Assert.Contains(message, finished.OnlyLine(), StringComparison.Ordinal);
        Assert.Empty(finished.Output);
    }

    [BinaryFact]
    public void A_line_break_in_a_path_does_not_break_the_message()
    {
        string path = _folder["two\nlines.pcap"];
        Assert.Contains("two lines.pcap: no such file", Failure(path), StringComparison.Ordinal);
    }

    /// <summary>The one line of a run that fails before it writes anything.</summary>
    private string Failure(params string[] arguments)
    {
        string output = _folder["flows.csv"];
        Finished finished = FlowMeterBinary.Run(["read", "-o", output, .. arguments]).EndedWith(1);
        Assert.DoesNotContain(_folder.Names(), name => name.StartsWith("flows.csv", StringComparison.Ordinal));
        return finished.OnlyLine();
    }
}
