using System.Runtime.InteropServices;

namespace FlowMeter.Tests.Support;

/// <summary>Bytes that end at an unreadable page, so that reading one too many kills the test and not production.</summary>
internal sealed unsafe partial class GuardedBuffer : IDisposable
{
    private const int ReadWrite = 1 | 2;
    private const int NoAccess = 0;
    private const int PrivateAnonymous = 0x02 | 0x20;

    private readonly byte* _mapping;
    private readonly nuint _mappedLength;

    public GuardedBuffer(ReadOnlySpan<byte> bytes)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("the constants here are Linux's");
        }
        nuint page = (nuint)Environment.SystemPageSize;
        nuint readable = ((nuint)bytes.Length + page - 1) / page * page;
        _mappedLength = readable + page;
        Length = bytes.Length;
        _mapping = (byte*)mmap(0, _mappedLength, ReadWrite, PrivateAnonymous, -1, 0);
        if ((nint)_mapping == -1)
        {
            throw new InvalidOperationException("mmap failed");
        }
        if (mprotect((nint)(_mapping + readable), page, NoAccess) != 0)
        {
            throw new InvalidOperationException("mprotect failed");
        }
        Pointer = _mapping + readable - bytes.Length;
        bytes.CopyTo(Bytes);
    }

    public byte* Pointer { get; }

    public int Length { get; }

    public Span<byte> Bytes => new(Pointer, Length);

    public void Dispose() => _ = munmap((nint)_mapping, _mappedLength);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint mmap(nint address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mprotect(nint address, nuint length, int protection);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int munmap(nint address, nuint length);
}
