using System.Net;

namespace FlowMeter.Engine.Brokers;

/// <summary>A server by name and by address, which was looked up once.</summary>
/// <param name="Host">Its name, as in its certificate.</param>
/// <param name="Address">Where it is.</param>
internal sealed record NatsServer(string Host, IPEndPoint Address);
