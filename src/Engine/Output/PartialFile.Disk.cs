namespace FlowMeter.Engine.Output;

/// <content>What survives a power cut.</content>
internal sealed partial class PartialFile
{
    private bool _isOnDisk;
    private bool _wasRefused;

    /// <summary>Waits until what was written so far survives a power cut; more may follow.</summary>
    /// <remarks>After a failure the file is of no use any more.</remarks>
    public void SyncRows() => _file.Sync();

    private void Rename(string path, bool overwrite)
    {
        if (IsTakenAway)
        {
            throw TakenAway();
        }

        if (OperatingSystem.IsWindows())
        {
            // No open file is renamed there. Elsewhere it stays locked until it has its name.
            _file.Dispose();
        }

        _disk.Rename(PartialPath, path, overwrite);
        _name = path;
    }

    private void Sync()
    {
        if (_isOnDisk)
        {
            return;
        }

        CutTorn();
        if (_wasRefused)
        {
            WriteAgain();
        }

        if (_trailer != null)
        {
            // Not a part of what was metered: until the file has its name, rows may still be looked for behind those before it.
            _file.Write(_trailer.End(), Length);
        }


        _wasRefused = true;
        _file.Sync();
        _isOnDisk = true;
    }

    /// <summary>
    /// After an fsync(2) that failed the kernel takes for written what is not on the disk, and the next one would succeed.
    /// </summary>
    private void WriteAgain()
    {
        byte[] piece = new byte[1 << 20];
        for (long at = 0; at < Length;)
        {
            int count = _file.Read(piece.AsSpan(0, (int)Math.Min(piece.Length, Length - at)), at);
            if (count == 0)
            {
                throw new IOException("the end of what was written is gone");
            }

            _file.Write(piece.AsSpan(0, count), at);
            at += count;
        }
    }

    private void SyncName()
    {
        _disk.SyncFolder(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(_name!))!);
        _file.Dispose();
    }
}
