namespace FlowMeter.Engine.Metering;

/// <content>Who does what next.</content>
internal sealed partial class WorkerTeam
{
    private Step Await(Member member)
    {
        lock (_lock)
        {
            Step step = Choose(member);
            if (step == Step.None)
            {
                member.IsWaiting = true;
                _idle++;
            }

            if (step is Step.None or Step.Read)
            {
                WakeWhoCanGoOn();
            }

            if (step != Step.None)
            {
                return step;
            }
        }

        lock (member)
        {
            while (member.Given == Step.None)
            {
                Monitor.Wait(member);
            }

            Step given = member.Given;
            member.Given = Step.None;
            return given;
        }
    }

    /// <summary>
    /// Gives those who wait what there is to do now, and wakes nobody else: to wake a thread costs as much as to account for a hundred
    /// packets. Nor more than there are cores: who runs goes on until there is nothing left for it to do. One that reads in turn does not
    /// count, as it may wait for a pipe. Under the lock.
    /// </summary>
    private void WakeWhoCanGoOn()
    {
        foreach (Member member in _members)
        {
            if (_members.Length - _idle - (_isReading ? 1 : 0) >= s_cores && _failure == null)
            {
                break;
            }

            if (member.IsWaiting && Choose(member) is var step && step != Step.None)
            {
                member.IsWaiting = false;
                _idle--;
                lock (member)
                {
                    member.Given = step;
                    Monitor.Pulse(member);
                }
            }
        }
    }

    /// <summary>
    /// What a worker is to do next; nothing if it has to wait for another. Those read who have little left to account for, so that those
    /// who are behind catch up: otherwise the one that frees a slot fills it again and again, and the others starve. Where others only
    /// read, whoever accounts does so first. Under the lock.
    /// </summary>
    private Step Choose(Member member)
    {
        if (_failure != null)
        {
            return Step.Finish;
        }

        if (member.Undecoded is { } number)
        {
            return !member.AwaitsTurn || _decoded == number ? Step.Decode : Step.None;
        }

        long left = _decoded - (member.Next ?? _decoded);
        long most = _accountants < _workers.Count ? 0 : _slots.Length / 2;
        Step read = left <= most || member.Turn != null ? ChooseReading(member) : Step.None;
        return read != Step.None ? read
            : left > 0 ? Step.Account
            : _isEnded && !_hasTurn && member.Turn == null && (member.Next ?? _read) == _read ? Step.Finish
            : Step.None;
    }

    private Step ChooseReading(Member member)
    {
        if (member.Turn == null && !_isEnded && !_isReading && _turns - _turnsOver < s_cores && _source.TryReserve(member.Batches[0]))
        {
            member.Turn = _turns++;
            return Step.Fetch;
        }

        if (_hasTurn || SlotOf(_read).Readers != 0 || (member.Turn ?? _turns) != _turnsOver || (_isEnded && member.Turn == null))
        {
            return Step.None;
        }

        _hasTurn = true;
        _isReading = member.Turn == null;
        return _isReading ? Step.Read : Step.Take;
    }
}
