using FlowMeter.Engine.Output;

namespace FlowMeter.Engine.Brokers;

/// <summary>
/// Carries messages from a spool to a broker on a thread of its own: connects, sends, and forgets what is acknowledged. When the link
/// fails that is told once; the messages wait, and connecting is tried again every second. What was sent and not acknowledged is sent again
/// under the same id, by which the broker knows it.
/// </summary>
internal sealed class BrokerRelay : IDisposable
{
    private const int MaxUnacknowledged = 128;
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly object _lock = new();
    private readonly IBroker _broker;
    private readonly Spool _spool;
    private readonly string _place;
    private readonly Action<string> _tell;
    private readonly Thread _thread;
    private MessageTotals _sent;
    private MessageTotals _acknowledged;
    private long _duplicates;
    private long _acknowledgedBefore;
    private bool _isSyncFailing;
    private volatile bool _isFailing;
    private volatile bool _isEnded;

    /// <summary>Begins to carry.</summary>
    /// <param name="broker">The broker.</param>
    /// <param name="spool">Where the messages are; becomes the relay's.</param>
    /// <param name="folder">The folder of the spool; null: it is in memory.</param>
    /// <param name="clock">The time that patience goes by.</param>
    /// <param name="tell">Takes a line for the user.</param>
    public BrokerRelay(IBroker broker, Spool spool, string? folder, TimeProvider clock, Action<string> tell)
    {
        (_broker, _spool, Clock, _tell) = (broker, spool, clock, tell);
        Persists = folder != null;
        _place = folder ?? "memory";
        _thread = new Thread(Run) { Name = "broker", IsBackground = true };
        _thread.Start();
    }

    /// <summary>The time that patience goes by.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Whether what is not acknowledged waits for the next run.</summary>
    public bool Persists { get; }

    /// <summary>Whether the broker can not be used now.</summary>
    public bool IsFailing => _isFailing;

    /// <summary>Whether it carries no more.</summary>
    public bool IsOver => _isEnded;

    /// <summary>Messages handed to a link, again after a failure.</summary>
    public MessageTotals Sent => Read(ref _sent);

    /// <summary>Messages that the broker keeps.</summary>
    public MessageTotals Acknowledged => Read(ref _acknowledged);

    /// <summary>Of them, those that it had before.</summary>
    public long Duplicates => Volatile.Read(ref _duplicates);

    /// <summary>Waits until the messages survive a power cut.</summary>
    public void Sync()
    {
        try
        {
            _spool.Sync();
            _isSyncFailing = false;
        }
        catch (Exception e) when (OutputFailure.Is(e))
        {
            if (_isSyncFailing)
            {
                return;
            }

            _isSyncFailing = true;
            _tell($"{_place}: may not survive a power cut: {OutputFailure.ReasonOf(e)}; see that its disk is sound.");
        }
    }

    /// <summary>Waits until all messages are acknowledged, ends, and says what is left.</summary>
    /// <param name="patience">How long to wait.</param>
    public MessageTotals Finish(TimeSpan patience)
    {
        _ = _spool.AwaitEmpty(patience, Clock);
        Stop();
        MessageTotals left = _spool.Waiting;
        if (left.Messages > 0)
        {
            string what = $"{left.Rows} rows in {left.Messages} messages were not acknowledged in time";
            string fate = Persists ? $"they wait in {_place} for the next run" : "they are lost; --spool keeps them";
            _tell($"{_broker.Name}: {what}; {fate}.");
        }

        return left;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _spool.Dispose();
    }

    private void Run()
    {
        while (!_isEnded)
        {
            try
            {
                using IBrokerLink link = _broker.Connect(Acknowledge);
                Carry(link);
            }
            catch (BrokerException e)
            {
                Fail(e.Message, e.Advice);
            }
            catch (Exception e) when (OutputFailure.Is(e))
            {
                Fail($"{_place}: {OutputFailure.ReasonOf(e)}", "see that the disk of the spool is sound");
            }

            // No acknowledgement comes from a link that is disposed.
            _spool.Rewind();
            lock (_lock)
            {
                if (!_isEnded)
                {
                    Monitor.Wait(_lock, s_pause);
                }
            }
        }
    }

    private void Carry(IBrokerLink link)
    {
        while (!_isEnded)
        {
            if ((_spool.Next(TimeSpan.Zero, MaxUnacknowledged) ?? Await(link)) is { } next)
            {
                link.Send(next.Number, next.Message);
                lock (_lock)
                {
                    _sent += new MessageTotals(1, next.Message.Rows, next.Message.Length);
                }
            }

            link.Check();

            // A link may come about and be refused at the first message.
            if (_isFailing && (Acknowledged.Messages > _acknowledgedBefore || _spool.Waiting.Messages == 0))
            {
                _isFailing = false;
                _tell($"{_broker.Name}: takes rows again.");
            }
        }
    }

    private (long Number, BlockMessage Message)? Await(IBrokerLink link)
    {
        link.Flush();
        return _spool.Next(s_turn, MaxUnacknowledged);
    }

    private void Acknowledge(long number, bool wasThere)
    {
        if (_spool.Acknowledge(number) is { } totals)
        {
            lock (_lock)
            {
                _acknowledged += totals;
                _duplicates += wasThere ? 1 : 0;
            }
        }
    }

    private void Fail(string reason, string advice)
    {
        if (!_isFailing && !_isEnded)
        {
            _isFailing = true;
            _acknowledgedBefore = Acknowledged.Messages;
            _tell($"{_broker.Name}: {reason}; rows wait in {_place} until it works. To do: {advice}.");
        }
    }

    private void Stop()
    {
        lock (_lock)
        {
            _isEnded = true;
            Monitor.PulseAll(_lock);
        }

        _spool.End();
        _thread.Join();
    }

    private MessageTotals Read(ref MessageTotals totals)
    {
        lock (_lock)
        {
            return totals;
        }
    }
}
