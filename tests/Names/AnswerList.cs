using System.Net;
using System.Text;
using FlowMeter.Engine.Names;

namespace FlowMeter.Tests.Names;

/// <summary>Keeps the names of addresses as lines: address, name, seconds.</summary>
internal sealed class AnswerList : AnsweredNames
{
    public List<string> Lines { get; } = [];

    /// <inheritdoc/>
    public override void Add(ReadOnlySpan<byte> address, ReadOnlySpan<byte> name, long time, uint ttl) =>
        Lines.Add($"{new IPAddress(address)} {Encoding.Latin1.GetString(name)} {ttl}");
}
