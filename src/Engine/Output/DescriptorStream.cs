using FlowMeter.Native;

namespace FlowMeter.Engine.Output;

/// <summary>
/// A descriptor that the process was given, standard output first of all. Console's stream swallows a broken pipe, and the whole input would be metered for nobody; a FileStream keeps a position of its
/// own, and in <c>flowmeter read … &gt; log 2&gt;&amp;1</c> the table and the messages would overwrite each other.
/// </summary>
internal sealed class DescriptorStream(int descriptor) : WriteOnlyStream
{
    public override void Write(ReadOnlySpan<byte> buffer) => Descriptors.Write(descriptor, buffer);
}
