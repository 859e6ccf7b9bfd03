using FlowMeter.Cli.Shell;
using FlowMeter.Cli.Telemetry;
using FlowMeter.Engine.Brokers;

namespace FlowMeter.Cli.Collect;

/// <summary>One run of <c>flowmeter collect</c>, until it is stopped.</summary>
internal static class CollectRun
{
    /// <summary>Collects. Returns the exit code; throws what <see cref="Program"/> has a line for.</summary>
    public static int Execute(CollectChoices choices)
    {
        CollectorOptions options = CollectPlan.From(choices);
        Terminal.Error.Hold();
        using StopSignal stop = new(terminated: ExitCode.Done, hungUp: ExitCode.Done, rotate: static () => { }, outlivesTerminal: true);
        using Collector collector = new(choices.From, options, TimeProvider.System, Notes.Tell);
        RunSandbox sandbox = RunSandbox.Begin(
            choices.IsSandboxed, [choices.Output], new Connections([.. choices.From.Servers.Select(server => server.Port).Distinct()]));
        Terminal.Error.Start();
        Notes notes = new(choices.Quiet);
        if (sandbox.Close() is { } limits)
        {
            notes.Note(limits);
        }

        stop.Rotate = collector.RotateNow;
        using (notes.Show("rows", () => (collector.Collected.Rows, null)))
        {
            collector.Run(stop.Token);
        }

        notes.Note($"{CounterText.Number(collector.Collected.Rows)} rows collected in {CounterText.Number(collector.Collected.Messages)} "
            + $"messages; {CounterText.Number(collector.Duplicates)} came again, {CounterText.Number(collector.Skipped)} are no sensor's.");
        return collector.IsFailing ? ExitCode.Failed : stop.ExitCode ?? ExitCode.Done;
    }
}
