namespace FlowMeter.Tests.EndToEnd;

/// <summary>What a test of the native binary needs beside it.</summary>
[Flags]
internal enum Need
{
    None = 0,

    /// <summary>The folder of captures beside the repository.</summary>
    SharedFolder = 1,

    /// <summary>Root, to become somebody without rights.</summary>
    Root = 2,

    /// <summary>The right to mount a file system in a namespace of its own.</summary>
    Mount = 4,

    /// <summary>The zstd command.</summary>
    Zstandard = 8,

    /// <summary>Bash, for pipes and completion.</summary>
    Bash = 16,

    /// <summary>The tools that make packages for Debian.</summary>
    Debian = 32,

    /// <summary>The right to make network namespaces with interfaces, and libpcap.</summary>
    Network = 64,

    /// <summary>The curl command.</summary>
    Curl = 128,

    /// <summary>The tcpdump command.</summary>
    Tcpdump = 256,

    /// <summary>The script command, for a terminal.</summary>
    Script = 512,

    /// <summary>A C compiler.</summary>
    Compiler = 1024,

    /// <summary>The strace command, and the right to trace.</summary>
    Strace = 2048,

    /// <summary>Python 3, for scripts/inject.py and scripts/chaos.</summary>
    Python = 4096,

    /// <summary>The binary for linux-arm64, and QEMU to run it.</summary>
    Arm64 = 8192,

    /// <summary>A server of NATS.</summary>
    Nats = 16384,

    /// <summary>The shared library, which scripts/publish --library makes.</summary>
    Library = 1 << 20,

    /// <summary>A Python 3 with numpy and pandas.</summary>
    Pandas = 1 << 21,

    /// <summary>The collector and the reader of nfdump.</summary>
    Nfdump = 1 << 22,

    /// <summary>librdkafka, whose mock of a cluster is the tests', and kcat.</summary>
    Kafka = 1 << 23,

    /// <summary>The collector of pmacct.</summary>
    Pmacct = 1 << 24,

    /// <summary>The reader of libfixbuf.</summary>
    Fixbuf = 1 << 25,

    /// <summary>The openssl command.</summary>
    OpenSsl = 1 << 26,

    /// <summary>The binary for win-x64, and Wine to run it.</summary>
    Windows = 1 << 27,

    /// <summary>Chromium, and playwright-core to drive it.</summary>
    Browser = 1 << 28,

    /// <summary>A kernel with AF_XDP, and the right to use it.</summary>
    Xdp = 1 << 29,
}
