using System.Net;
using FlowMeter.Engine.Names;

namespace FlowMeter.Tests.Names;

/// <summary>What the reader makes of one flow of a capture.</summary>
/// <param name="Source">The sender of its first packet.</param>
/// <param name="Destination">The other end.</param>
/// <param name="Protocol">The transport protocol.</param>
/// <param name="Application">What it is by its payload.</param>
/// <param name="IsCut">Whether a payload was not captured whole.</param>
/// <param name="Names">Its names, a character a byte, by the names of their fields.</param>
internal sealed record NamedFlow(
    IPEndPoint Source, IPEndPoint Destination, byte Protocol, string Application, bool IsCut,
    IReadOnlyDictionary<string, string> Names)
{
    /// <summary>What it is by its payload or, where no parser knew that, by its ports.</summary>
    public string ApplicationWithPorts
    {
        get
        {
            Application byPayload = (Application)ApplicationName.All.IndexOf(Application);
            return ApplicationName.Of(ApplicationPorts.Of(byPayload, Protocol, (ushort)Source.Port, (ushort)Destination.Port, out _));
        }
    }

    /// <summary>A name; empty where there is none.</summary>
    public string this[string field] => Names.GetValueOrDefault(field, "");
}
