using static FlowMeter.Tests.Simulation.SimulatedClock;

namespace FlowMeter.Tests.Simulation;

/// <content>Who takes a step when, and what happens meanwhile.</content>
internal sealed partial class Simulation
{
    /// <summary>Lets a moment pass, with what is on the wire and what happens in it, and lets some take steps.</summary>
    private void GoOn()
    {
        PassTo(Clock.Now + (_random.Next(4) == 0 ? _random.NextInt64(100 * Millisecond) : 50 * Millisecond));
        int steps = 2 * (_workers.Count + Plan.Workers + 1);
        for (int i = 0; i < steps; i++)
        {
            int actor = _random.Next(_workers.Count + Plan.Workers + 1);
            if (actor < _workers.Count)
            {
                StepWorker(actor);
            }
            else if (Clock.Now >= _outputStallsUntil)
            {
                StepOutput(actor - _workers.Count);
            }
        }
    }

    private void StepWorker(int number)
    {
        if (!_workers[number].IsDone && Clock.Now >= _workersStallUntil)
        {
            _workers[number] = _workers[number] with { IsDone = !_workers[number].Step() };
            MostWaiting = Math.Max(MostWaiting, Process.Totals.SinkWaiting);
        }
    }

    private void StepOutput(int number)
    {
        if (number < Plan.Workers)
        {
            Process.Exporters[number].TryExport();
        }
        else
        {
            Output.KeepOnce();
        }
    }

    private void PassTo(long time)
    {
        while (_nextFrame < Plan.Frames.Count && _began + Plan.Frames[_nextFrame].At <= time)
        {
            TimedFrame frame = Plan.Frames[_nextFrame++];
            PassEvents(_began + frame.At);
            Clock.Now = Math.Max(Clock.Now, _began + frame.At);
            Wire.Send(frame.Interface, frame.Frame, frame.Share);
            if (_random.Next(8) == 0)
            {
                StepWorker(_random.Next(_workers.Count));
            }
        }

        PassEvents(time);
        Clock.Now = Math.Max(Clock.Now, time);
    }

    private void PassEvents(long time)
    {
        while (_nextEvent < Plan.Events.Count && _began + Plan.Events[_nextEvent].At <= time)
        {
            (long at, SimulationEvent kind, long value) = Plan.Events[_nextEvent++];
            Clock.Now = Math.Max(Clock.Now, _began + at);
            Happen(kind, value);
        }

        if (StoppedAt == long.MaxValue && _began + Plan.StopAt <= time)
        {
            StoppedAt = Clock.Wall;
            StoppedNow = Clock.Now;
            _stop.Cancel();
        }
    }

    private void Happen(SimulationEvent kind, long value)
    {
        switch (kind)
        {
            case SimulationEvent.ClockStep:
                Clock.Step(value);
                LastDisturbance = Clock.Now;
                ClockSteps = (ClockSteps.Forward + (value > 0 ? 1 : 0), ClockSteps.Back + (value < 0 ? 1 : 0));
                break;
            case SimulationEvent.InterfaceDown or SimulationEvent.InterfaceUp:
                Wire.SetUp((int)value, kind == SimulationEvent.InterfaceUp);
                break;
            case SimulationEvent.DiskFails:
                Disk.Fault = (DiskFault)value;
                Disk.Room = _random.Next(3000);
                DiskHasFailed = true;
                break;
            case SimulationEvent.DiskMended:
                Disk.Fault = DiskFault.None;
                break;
            case SimulationEvent.FileTaken:
                FileWasTaken |= Disk.TakePartial();
                break;
            case SimulationEvent.Rotate:
                Output.RotateNow();
                break;
            case SimulationEvent.WorkersStall:
                _workersStallUntil = Clock.Now + value;
                LastDisturbance = Math.Max(LastDisturbance, _workersStallUntil);
                break;
            default:
                _outputStallsUntil = Clock.Now + value;
                break;
        }
    }

    /// <summary>kill -9, and another run that finishes what this one left.</summary>
    private void Kill()
    {
        RowsWhenKilled = Output.Rows;
        Disk.Fault = DiskFault.None;
        Disk.Abandon();
        OpenOutput().Dispose();
    }
}
