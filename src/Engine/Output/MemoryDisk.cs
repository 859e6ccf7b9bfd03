namespace FlowMeter.Engine.Output;

/// <summary>Files that are in memory and end with the process.</summary>
internal sealed class MemoryDisk : IDisk
{
    private readonly Dictionary<string, MemoryFile> _files = [];

    /// <inheritdoc/>
    public IDiskFile? TryCreate(string path)
    {
        MemoryFile file = new();
        return _files.TryAdd(path, file) ? file : null;
    }

    /// <inheritdoc/>
    public IDiskFile? TryOpen(string path) => _files.GetValueOrDefault(path);

    /// <inheritdoc/>
    public bool Exists(string path) => _files.ContainsKey(path);

    /// <inheritdoc/>
    public bool HasFolder(string path) => true;

    /// <inheritdoc/>
    public IEnumerable<string> FilesOf(string folder, string suffix) =>
        [.. _files.Keys.Where(path => path.EndsWith(suffix, StringComparison.Ordinal))];

    /// <inheritdoc/>
    public void Rename(string from, string to, bool overwrite)
    {
        if (!_files.Remove(from, out MemoryFile? file) || (!overwrite && _files.ContainsKey(to)))
        {
            throw new IOException("no such file, or its new name is taken");
        }

        _files[to] = file;
    }

    /// <inheritdoc/>
    public void Delete(string path) => _files.Remove(path);

    /// <inheritdoc/>
    public void SyncFolder(string path)
    {
    }

    private sealed class MemoryFile : IDiskFile
    {
        private byte[] _bytes = [];
        private int _length;

        public bool IsClosed { get; private set; }

        public long Length => _length;

        public void SetLength(long length)
        {
            if (length > _bytes.Length)
            {
                Array.Resize(ref _bytes, Math.Max((int)length, _bytes.Length * 2));
            }

            if (length > _length)
            {
                _bytes.AsSpan(_length, (int)length - _length).Clear();
            }

            _length = (int)length;
        }

        public int Read(Span<byte> buffer, long at)
        {
            int count = (int)Math.Clamp(_length - at, 0, buffer.Length);
            _bytes.AsSpan((int)Math.Min(at, _length), count).CopyTo(buffer);
            return count;
        }

        public void Write(ReadOnlySpan<byte> bytes, long at)
        {
            SetLength(Math.Max(_length, at + bytes.Length));
            bytes.CopyTo(_bytes.AsSpan((int)at));
        }

        public void Sync()
        {
        }

        public bool IsNamed(string path) => true;

        public void TakeModeOf(string path)
        {
        }

        public void Dispose()
        {
            IsClosed = true;
            _bytes = [];
            _length = 0;
        }
    }
}
