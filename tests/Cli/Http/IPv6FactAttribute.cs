using System.Net;
using System.Net.Sockets;

namespace FlowMeter.Tests.Cli.Http;

/// <summary>A fact that needs the loopback address of IPv6; skipped with a reason where the machine has none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class IPv6FactAttribute : FactAttribute
{
    public IPv6FactAttribute()
    {
        try
        {
            using TcpListener listener = new(IPAddress.IPv6Loopback, 0);
            listener.Start();
        }
        catch (SocketException refused)
        {
            Skip = $"There is no IPv6: {refused.Message}";
        }
    }
}
