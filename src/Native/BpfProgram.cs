using System.Runtime.InteropServices;

namespace FlowMeter.Native;

/// <summary><c>struct bpf_program</c>: a compiled filter. The caller that compiles one frees it with pcap_freecode.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BpfProgram
{
    public uint Length;
    public BpfInstruction* Instructions;

    // Before libpcap 1.8 the compiler kept its state in globals.
    private static readonly Lock Compiler = new();

    /// <summary>Compiles <paramref name="expression"/> for the link type and snap length of <paramref name="handle"/>.</summary>
    /// <exception cref="PcapException">The expression is not one that pcap-filter knows, or makes no sense on this link type.</exception>
    public static BpfProgram Compile(PcapHandle handle, string expression, uint netmask)
    {
        BpfProgram program;
        lock (Compiler)
        {
            if (LibPcap.pcap_compile(handle, &program, expression, optimize: 1, netmask) == 0)
            {
                return program;
            }

            string text = LibPcap.Text(LibPcap.pcap_geterr(handle));
            throw new PcapException($"The filter expression '{expression}' does not compile: {text}. See 'man pcap-filter'.");
        }
    }
}
