using BenchmarkDotNet.Running;

namespace FlowMeter.Bench;

internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is ["--smoke"])
        {
            return SmokeRun.Run(SmokeRun.Classes(), Console.Out) == 0 ? 0 : 1;
        }

        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
    }
}
