using System.Text;
using FlowMeter.Engine.Names;

namespace FlowMeter.Tests.Names;

/// <summary>Records of names, their memory and their text.</summary>
public sealed unsafe class NameRecordTests
{
    [Fact]
    public void A_record_keeps_the_first_name_of_each_kind()
    {
        using NameArena arena = new(1 << 16);
        NameRecord* record = arena[arena.Take()];
        record->Add(NameField.ServerName, "one"u8);
        record->Add(NameField.ServerName, "two"u8);
        record->Add(NameField.Alpn, "h2"u8);
        record->Add(NameField.HttpHost, []);
        Assert.Equal("one"u8, (*record)[NameField.ServerName]);
        Assert.Equal("h2"u8, (*record)[NameField.Alpn]);
        Assert.True((*record)[NameField.HttpHost].IsEmpty);
        Assert.False(record->IsCut);
        record->Replace(NameField.Alpn, "h3"u8);
        record->Replace(NameField.Alpn, "longer"u8);
        Assert.Equal("h3"u8, (*record)[NameField.Alpn]);
    }

    [Fact]
    public void Names_that_are_too_long_are_cut()
    {
        using NameArena arena = new(1 << 16);
        NameRecord* record = arena[arena.Take()];
        byte[] name = [.. Enumerable.Repeat((byte)'x', 300)];
        record->Add(NameField.ServerName, name);
        Assert.Equal(255, (*record)[NameField.ServerName].Length);
        Assert.True(record->IsCut);
        foreach (NameField field in Enum.GetValues<NameField>())
        {
            record->Add(field, name);
        }

        Assert.Equal(255, (*record)[NameField.ServerName].Length);
        int kept = Enum.GetValues<NameField>().Sum(field => (*record)[field].Length);
        Assert.InRange(kept, 490, NameRecord.Size);
    }

    [Fact]
    public void A_full_arena_gives_none_until_one_comes_back()
    {
        using NameArena arena = new(4 * NameRecord.Size);
        uint[] taken = [arena.Take(), arena.Take(), arena.Take()];
        Assert.Equal(3, taken.Distinct().Count());
        Assert.DoesNotContain(NameArena.None, taken);
        Assert.Equal(NameArena.None, arena.Take());
        Assert.Equal(3, arena.Taken);
        arena[taken[1]]->Add(NameField.Ja4, "old"u8);
        arena.Return(taken[1]);
        arena.Return(NameArena.None);
        Assert.Equal(taken[1], arena.Take());
        Assert.True((*arena[taken[1]])[NameField.Ja4].IsEmpty);
        Array.ForEach(taken, arena.Return);
        uint[] again = [arena.Take(), arena.Take(), arena.Take()];
        Assert.Equal(taken.Order(), again.Order());
    }

    [Fact]
    public void A_flow_that_finds_no_record_is_counted_and_still_has_its_application()
    {
        using OneNamedFlow first = new(records: 1);
        using OneNamedFlow second = new(sharing: first);
        first.Send(new TestHello().Records());
        second.Send(new TestHello().Records());
        Assert.Equal("www.example.com", first[NameField.ServerName]);
        Assert.Equal("", second[NameField.ServerName]);
        Assert.Equal("TLS", second.Application);
        Assert.True(second.Reader.RecordsRefused > 0);
    }

    [Fact]
    public void A_record_has_nothing_of_the_flow_before()
    {
        using OneNamedFlow first = new(records: 1);
        first.Send(new TestHello().Records());
        Assert.NotEqual("", first[NameField.ServerName]);
        first.Reader.Discard(first.Flow);
        using OneNamedFlow second = new(sharing: first, serverPort: 80);
        second.Send("GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: b\r\n");
        Assert.Equal("a", second[NameField.HttpHost]);
        Assert.Equal("", second[NameField.ServerName]);
        Assert.False(second.IsFinished);
        Assert.True(second.End().IsFinished);
    }

    /// <summary>Workers take, writers give back: each record is one flow's at a time.</summary>
    [Fact]
    public void Records_are_taken_and_given_back_on_several_threads()
    {
        const int Rounds = 20_000;
        using NameArena arena = new(200 * NameRecord.Size);
        int[] owners = new int[200];
        int wrong = 0;
        Thread[] threads = [.. Enumerable.Range(1, 4).Select(worker => new Thread(() =>
        {
            Queue<uint> mine = [];
            for (int i = 0; i < Rounds; i++)
            {
                uint number = arena.Take();
                if (number != NameArena.None)
                {
                    wrong += Interlocked.CompareExchange(ref owners[number], worker, 0) == 0 ? 0 : 1;
                    mine.Enqueue(number);
                }

                if (mine.Count > 40 || (number == NameArena.None && mine.Count > 0))
                {
                    uint back = mine.Dequeue();
                    wrong += Interlocked.Exchange(ref owners[back], 0) == worker ? 0 : 1;
                    arena.Return(back);
                }
            }

            while (mine.TryDequeue(out uint rest))
            {
                Interlocked.Exchange(ref owners[rest], 0);
                arena.Return(rest);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(0, wrong);
        Assert.Equal(0, arena.Taken);
    }

    [Theory]
    [InlineData("www.example.com", "www.example.com")]
    [InlineData("", "")]
    [InlineData("a b~", "a b~")]
    [InlineData("a\\b", "a\\\\b")]
    [InlineData("\0\r\n\t\x1B[31m", "\\x00\\x0d\\x0a\\x09\\x1b[31m")]
    [InlineData("caf\xC3\xA9", "caf\\xc3\\xa9")]
    [InlineData("\x7F\xFF", "\\x7f\\xff")]
    public void Text_is_printable(string name, string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(name);
        byte[] written = new byte[bytes.Length * NameText.MaxExpansion];
        Assert.Equal(text, Encoding.ASCII.GetString(written, 0, NameText.Write(bytes, written)));
    }

    [Fact]
    public void Every_application_has_a_name_of_its_own()
    {
        Assert.Equal(Enum.GetValues<Application>().Length, ApplicationName.All.Length);
        Assert.Equal(ApplicationName.All.Length, ApplicationName.All.ToArray().Distinct().Count());
        Assert.All(Enum.GetValues<Application>(), application => Assert.Equal(
            Plain(application.ToString()), Plain(Ndpi(ApplicationName.Of(application)))));
    }

    [Theory]
    [InlineData(6, 51_000, 443, "TLS")]
    [InlineData(6, 443, 51_000, "TLS")]
    [InlineData(17, 443, 51_000, "QUIC")]
    [InlineData(6, 22, 80, "SSH")]
    [InlineData(1, 0, 0, "ICMP")]
    [InlineData(6, 51_000, 52_000, "Unknown")]
    [InlineData(200, 443, 443, "Unknown")]
    public void Ports_name_what_no_payload_does(byte protocol, ushort portA, ushort portB, string name)
    {
        Application application = ApplicationPorts.Of(Application.Unknown, protocol, portA, portB, out ApplicationSource source);
        Assert.Equal(name, ApplicationName.Of(application));
        Assert.Equal(name == "Unknown" ? ApplicationSource.None : ApplicationSource.Port, source);
        Assert.Equal(Application.Dns, ApplicationPorts.Of(Application.Dns, protocol, portA, portB, out source));
        Assert.Equal(ApplicationSource.Payload, source);
    }

    private static string Plain(string name) => new([.. name.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit)]);

    /// <summary>Where nDPI's name is not the protocol's.</summary>
    private static string Ndpi(string name) => name switch
    {
        "SMBv1" => "SMB1", "SMBv23" => "SMB23", "Whois-DAS" => "Whois", _ => name,
    };
}
