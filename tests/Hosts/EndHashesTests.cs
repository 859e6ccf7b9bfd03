using FlowMeter.Engine.Decode;
using FlowMeter.Engine.Hosts;

namespace FlowMeter.Tests.Hosts;

/// <summary>What the ledger knows ends by: no two things about them share a hash, under any key.</summary>
public sealed class EndHashesTests
{
    [Fact]
    public void Addresses_and_services_of_both_IP_versions_share_no_hash()
    {
        const int Keys = 50_000;
        const int Ports = 8;
        ulong[] hashes = new ulong[2 * Ports];
        for (int seed = 0; seed < Keys; seed++)
        {
            FlowHash hash = new();
            for (int i = 0; i < hashes.Length; i++)
            {
                // 10.0.0.1 in its mapped place, as a packet of IPv4 and of IPv6 has it.
                ulong version = i % 2 == 0 ? 4UL : 6UL;
                ulong port = 440 + ((uint)i / 2);
                FlowKey key = new(0, 0x0100_000A_FFFF_0000, 0, 0x0100_000A_FFFF_0000, (version << 40) | (6UL << 32) | (port << 16));
                hashes[i] = new EndHashes(in hash, new FlowEnds(in key, forwardIsB: false)).DestinationService;
            }

            Assert.Equal(hashes.Length, hashes.Distinct().Count());
        }
    }
}
