using FlowMeter.Engine.Output;

namespace FlowMeter.Tests.Simulation;

/// <summary>A file of a <see cref="SimulatedDisk"/>.</summary>
internal sealed class SimulatedFile
{
    public byte[] Bytes { get; private set; } = [];

    public bool IsOnDisk { get; private set; } = true;

    public bool IsLocked { get; set; } = true;

    public sealed class Handle : IDiskFile
    {
        private readonly SimulatedDisk _disk;
        private readonly SimulatedFile _file;

        public Handle(SimulatedDisk disk, SimulatedFile file)
        {
            _disk = disk;
            _file = file;
            file.IsLocked = true;
        }

        public bool IsClosed { get; private set; }

        public long Length
        {
            get
            {
                RefuseSometimes();
                return _file.Bytes.Length;
            }
        }

        public void SetLength(long length)
        {
            RefuseSometimes();
            Change();
            Resize(length);
        }

        public int Read(Span<byte> buffer, long at)
        {
            _disk.Refuse(DiskFault.Faulty);
            int count = Math.Min(buffer.Length, _file.Bytes.Length - (int)at);
            _file.Bytes.AsSpan((int)at, count).CopyTo(buffer);
            return count;
        }

        public void Write(ReadOnlySpan<byte> bytes, long at)
        {
            Change();
            int taken = _disk.Taken(bytes.Length);
            Resize(Math.Max(_file.Bytes.Length, at + taken));
            bytes[..taken].CopyTo(_file.Bytes.AsSpan((int)at));
            if (taken < bytes.Length || _disk.Fault == DiskFault.Faulty)
            {
                throw _disk.Failure();
            }
        }

        public void Sync()
        {
            _disk.Refuse(DiskFault.Faulty);
            _file.IsOnDisk = true;
        }

        public bool IsNamed(string path) => _disk.IsNamed(_file, path);

        public void TakeModeOf(string path)
        {
        }

        public void Dispose()
        {
            IsClosed = true;
            _file.IsLocked = false;
        }

        private void Resize(long length)
        {
            byte[] bytes = _file.Bytes;
            Array.Resize(ref bytes, (int)length);
            _file.Bytes = bytes;
        }

        private void Change()
        {
            _disk.Require(!IsClosed, "a file was changed after it was closed");
            _file.IsOnDisk = false;
        }

        /// <summary>What a faulty disk refuses may work when it is tried for something else.</summary>
        private void RefuseSometimes()
        {
            if (_disk.Random.Next(2) == 0)
            {
                _disk.Refuse(DiskFault.Faulty);
            }
        }
    }
}
