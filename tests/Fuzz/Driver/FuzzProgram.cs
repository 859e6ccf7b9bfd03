using FlowMeter.Tests.Fuzz;
using SharpFuzz;

namespace FlowMeter.Fuzz;

/// <summary>
/// What afl-fuzz runs. <c>run TARGET</c> takes its inputs from the fuzzer; <c>replay TARGET FILE...</c> runs files without one;
/// <c>instrument FILE...</c> makes assemblies report their branches, in place; <c>seeds FOLDER</c> writes the corpus that is made by code.
/// </summary>
internal static class FuzzProgram
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(1);

    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["run", string name, ..]:
                FuzzTarget target = FuzzTarget.Find(name);
                Fuzzer.OutOfProcess.Run(stream => RunInTime(target, ReadToEnd(stream)));
                return 0;
            case ["replay", string name, .. string[] files]:
                return Replay(FuzzTarget.Find(name), files);
            case ["instrument", .. string[] files]:
                foreach (string file in files)
                {
                    int types = Fuzzer.Instrument(file, _ => true, Options.Value).Count();
                    Console.WriteLine($"{Path.GetFileName(file)}: {types} types");
                }

                return 0;
            case ["seeds", string folder]:
                SeedCorpus.Write(folder);
                return 0;
            case ["targets"]:
                Console.WriteLine(string.Join(' ', FuzzTarget.All.Select(target => target.Name)));
                return 0;
            default:
                Console.Error.WriteLine("usage: run TARGET | replay TARGET FILE... | instrument FILE... | seeds FOLDER | targets");
                return 2;
        }
    }

    private static int Replay(FuzzTarget target, string[] files)
    {
        int failed = 0;
        foreach (string file in files)
        {
            try
            {
                RunInTime(target, File.ReadAllBytes(file));
            }
            catch (Exception e)
            {
                failed = 1;
                Console.WriteLine($"{file}: {e}");
            }
        }

        return failed;
    }

    /// <summary>
    /// Runs an input, which has a second of the processor: other programs do not make it slow. It may have been the first that came to some
    /// code, so it is tried again before it is said to be too slow.
    /// </summary>
    private static void RunInTime(FuzzTarget target, byte[] bytes)
    {
        const int Tries = 4;
        TimeSpan taken = TimeSpan.MaxValue;
        for (int i = 0; i < Tries && taken > s_longest; i++)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            target.Run(bytes);
            taken = Environment.CpuUsage.TotalTime - before;
        }

        if (taken > s_longest)
        {
            throw new TimeoutException($"{bytes.Length} bytes took {taken.TotalSeconds:0.0} s of the processor");
        }
    }

    private static byte[] ReadToEnd(Stream stream)
    {
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
