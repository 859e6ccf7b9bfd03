using System.Diagnostics;
using System.Reflection;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Parameters;
using BenchmarkDotNet.Running;

namespace FlowMeter.Bench;

/// <summary>
/// Runs every benchmark once, with all its parameters, and measures nothing: whether it still runs, and whether the twins come to the same
/// results. The tests run it, so that a bench that nobody looked at for a month still says what it says.
/// </summary>
internal static class SmokeRun
{
    /// <summary>Whether this run measures nothing: then nothing has to be warm.</summary>
    public static bool IsOn { get; private set; }

    /// <summary>Runs the benchmarks of these classes and prints a line for each group with the same parameters.</summary>
    /// <returns>How many groups failed.</returns>
    public static int Run(IEnumerable<Type> classes, TextWriter output)
    {
        int failed = 0;
        IsOn = true;
        foreach (Type type in classes.OrderBy(type => type.Name, StringComparer.Ordinal))
        {
            foreach (IGrouping<string, BenchmarkCase> group in BenchmarkConverter.TypeToBenchmarks(type).BenchmarksCases
                .GroupBy(benchmark => benchmark.Parameters.DisplayInfo))
            {
                Stopwatch watch = Stopwatch.StartNew();
                string? failure = RunGroup(type, [.. group.DistinctBy(benchmark => benchmark.Descriptor.WorkloadMethod)]);
                failed += failure is null ? 0 : 1;
                output.WriteLine(
                    $"{(failure is null ? "ok" : "FAILED")} {type.Name} {group.Key} {watch.ElapsedMilliseconds} ms{failure}".Replace(
                        "  ", " ", StringComparison.Ordinal));
            }
        }

        return failed;
    }

    /// <summary>All classes of this assembly with benchmarks.</summary>
    public static IEnumerable<Type> Classes() => typeof(SmokeRun).Assembly.GetTypes()
        .Where(type => type.GetMethods().Any(method => method.IsDefined(typeof(BenchmarkAttribute))));

    /// <summary>One instance for all benchmarks, as one setup prepares all of them. Returns what failed; null: nothing.</summary>
    private static string? RunGroup(Type type, BenchmarkCase[] benchmarks)
    {
        object bench = Activator.CreateInstance(type)!;
        Descriptor first = benchmarks[0].Descriptor;
        long checks = Naive.Twins.Checks;
        string at = "its parameters";
        try
        {
            foreach (ParameterInstance parameter in benchmarks[0].Parameters.Items)
            {
                type.GetProperty(parameter.Name)!.SetValue(bench, parameter.Value);
            }

            at = "its setup";
            first.GlobalSetupMethod?.Invoke(bench, null);
            if (Naive.Twins.Checks == checks)
            {
                return ": its setup compares no twins";
            }

            foreach (Descriptor benchmark in benchmarks.Select(benchmark => benchmark.Descriptor))
            {
                at = benchmark.WorkloadMethod.Name;
                benchmark.IterationSetupMethod?.Invoke(bench, null);
                benchmark.WorkloadMethod.Invoke(bench, null);
                benchmark.IterationCleanupMethod?.Invoke(bench, null);
            }

            return null;
        }
        catch (TargetInvocationException failure)
        {
            return $": {at}: {failure.InnerException!.Message}";
        }
        finally
        {
            first.GlobalCleanupMethod?.Invoke(bench, null);
        }
    }
}
