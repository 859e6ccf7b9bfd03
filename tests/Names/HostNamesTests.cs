using System.Net;
using System.Text;
using FlowMeter.Engine.Names;

namespace FlowMeter.Tests.Names;

/// <summary>What hosts were called: the newest name, while it holds, and none of another address.</summary>
public sealed class HostNamesTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void The_newest_name_that_was_told_is_found()
    {
        using HostNames names = new(isShared: false);
        Assert.False(names.HasAny);
        Add(names, "192.0.2.1", "old.example", 0, 60);
        Add(names, "192.0.2.1", "new.example", 5 * Second, 60);
        Add(names, "2001:db8::1", "six.example", 5 * Second, 60);

        Assert.True(names.HasAny);
        Assert.Equal("new.example", Find(names, "192.0.2.1", 6 * Second));
        Assert.Equal("six.example", Find(names, "2001:db8::1", 6 * Second));
        Assert.Equal("", Find(names, "192.0.2.2", 6 * Second));
        Assert.Equal("", Find(names, "::c000:201", 6 * Second));
    }

    [Fact]
    public void An_older_name_counts_again_when_it_is_told_again()
    {
        using HostNames names = new(isShared: false);
        Add(names, "192.0.2.1", "a.example", 0, 60);
        Add(names, "192.0.2.1", "b.example", 1 * Second, 60);
        Add(names, "192.0.2.1", "a.example", 2 * Second, 60);

        Assert.Equal("a.example", Find(names, "192.0.2.1", 3 * Second));
    }

    [Theory]
    [InlineData(0, 600)]
    [InlineData(5, 600)]
    [InlineData(3600, 3600)]
    [InlineData(uint.MaxValue, 86_400)]
    public void A_name_holds_as_long_as_was_said_but_ten_minutes_at_least_and_a_day_at_most(uint ttl, long seconds)
    {
        using HostNames names = new(isShared: false);
        Add(names, "192.0.2.1", "a.example", 0, ttl);

        Assert.Equal("a.example", Find(names, "192.0.2.1", seconds * Second));
        Assert.Equal("", Find(names, "192.0.2.1", (seconds * Second) + 1));
    }

    [Fact]
    public void A_name_that_was_found_stays_that_name_or_is_gone()
    {
        using HostNames names = new(isShared: true, names: 64);
        Random random = new(3);
        List<(uint Found, string Address, string Name)> taken = [];
        int kept = 0;
        for (int i = 0; i < 5000; i++)
        {
            string address = $"10.0.0.{random.Next(40)}";
            Add(names, address, $"n{i}.example", i * Second, 60);
            uint found = names.Find(IPAddress.Parse(address).GetAddressBytes(), i * Second);
            Assert.Equal($"n{i}.example", Copy(names, found, address));
            taken.Add((found, address, $"n{i}.example"));
            if (taken.Count > 30)
            {
                (uint before, string its, string name) = taken[^30];
                string now = Copy(names, before, its);
                Assert.Contains(now, new[] { name, "" });
                kept += now.Length > 0 ? 1 : 0;
            }
        }

        Assert.InRange(kept, 1, 4900);
    }

    [Fact]
    public void Names_of_any_length_are_kept_up_to_255_bytes()
    {
        using HostNames names = new(isShared: false);
        Add(names, "192.0.2.1", new string('a', 255), 0, 60);
        Assert.Equal(255, Find(names, "192.0.2.1", 0).Length);
        Add(names, "192.0.2.2", "", 0, 60);
        Assert.Equal("", Find(names, "192.0.2.2", 0));
    }

    private static void Add(HostNames names, string address, string name, long time, uint ttl) =>
        names.Add(IPAddress.Parse(address).GetAddressBytes(), Encoding.ASCII.GetBytes(name), time, ttl);

    private static string Find(HostNames names, string address, long time) =>
        Copy(names, names.Find(IPAddress.Parse(address).GetAddressBytes(), time), address);

    private static string Copy(HostNames names, uint found, string address)
    {
        byte[] name = new byte[HostName.MaxLength];
        return Encoding.ASCII.GetString(name, 0, names.Copy(found, IPAddress.Parse(address).GetAddressBytes(), name));
    }
}
