using System.Runtime.InteropServices;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Features;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Evaluation;

namespace FlowMeter.Library;

/// <summary>
/// The functions that include/flowmeter.h declares. No exception crosses: each gives an exit code, 0 done, 1 failed, 2 wrong use, and hands
/// over a text that says what, where and what to do. They may be called from any thread.
/// </summary>
internal static unsafe class Exports
{
    private static readonly byte* s_version = NativeText.From(ProgramVersion.Number);

    [UnmanagedCallersOnly(EntryPoint = "fm_version")]
    private static byte* Version() => s_version;

    [UnmanagedCallersOnly(EntryPoint = "fm_free")]
    private static void Free(byte* text) => NativeText.Free(text);

    [UnmanagedCallersOnly(EntryPoint = "fm_read")]
    private static int Read(int count, byte** arguments, CStream* stream, byte** error)
    {
        try
        {
            *stream = StreamExport.Of(new ReadSession(NativeText.Read(arguments, count)));
            return ExitCode.Done;
        }
        catch (Exception e)
        {
            return Fail(e, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "fm_wait")]
    private static int Wait(CStream* stream, int milliseconds)
    {
        try
        {
            return StreamExport.SessionOf(stream).Wait(milliseconds) ? 1 : 0;
        }
        catch (Exception)
        {
            // What is wrong the next batch says.
            return 1;
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "fm_share_schema")]
    private static void ShareSchema(CSchema* schema, CSchema* other) => SchemaExport.Share(schema, other);

    [UnmanagedCallersOnly(EntryPoint = "fm_share_batch")]
    private static void ShareBatch(CArray* batch, CArray* other) => BatchExport.Share(batch, other);

    [UnmanagedCallersOnly(EntryPoint = "fm_distinct")]
    private static int Distinct(CArray* texts, int* codes, int* firsts)
    {
        try
        {
            return TextCodes.Find(texts, codes, firsts);
        }
        catch (Exception)
        {
            return -1;
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "fm_warnings")]
    private static byte* Warnings(CStream* stream)
    {
        try
        {
            return NativeText.From(string.Join('\n', StreamExport.SessionOf(stream).Warnings));
        }
        catch (Exception)
        {
            return null;
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "fm_summary")]
    private static byte* Summary(CStream* stream)
    {
        try
        {
            return StreamExport.SessionOf(stream).Summary is { } summary ? NativeText.From(summary) : null;
        }
        catch (Exception)
        {
            return null;
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "fm_columns")]
    private static int Columns(byte* profile, byte** columns, byte** error)
    {
        try
        {
            string name = NativeText.Read(profile);
            Profile found = Profile.Find(name) ?? throw new UsageException(
                $"profile {name}: there is none of this name; choose one of {string.Join(", ", Profile.All.Select(known => known.Name))}.");
            *columns = NativeText.From(string.Concat(found.Columns.Concat(found.ColumnsOfModel).Select(
                column => $"{column.Name}\t{column.Type}\t{column.Unit}\t{column.Meaning}\n")));
            return ExitCode.Done;
        }
        catch (Exception e)
        {
            return Fail(e, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "fm_score")]
    private static int Score(
        byte* model, long rows, int count, byte** names, double** values, double* scores, byte* verdicts, byte** error)
    {
        try
        {
            TableColumns columns = new(NativeText.Read(names, count));
            Model loaded = TableModel.Load(NativeText.Read(model), columns, "the table");
            int[] inputs = [.. loaded.Columns.Select(columns.Find)];
            VerdictRule rule = new(loaded);
            using RowScorer scorer = new(loaded);
            Span<double> row = stackalloc double[inputs.Length];
            long scored = 0;
            for (long i = 0; i < rows; i++)
            {
                for (int f = 0; f < inputs.Length; f++)
                {
                    row[f] = values[inputs[f]][i];
                }

                scorer.Add(row);
                if (!scorer.IsFull && i < rows - 1)
                {
                    continue;
                }

                foreach (double score in scorer.Score())
                {
                    scores[scored] = score;
                    double packets = columns.Packets >= 0 ? values[columns.Packets][scored] : double.PositiveInfinity;
                    verdicts[scored++] = (byte)rule.Decide(score, double.IsNaN(packets) ? long.MaxValue : (long)Math.Min(packets, 1e15));
                }
            }

            return ExitCode.Done;
        }
        catch (Exception e)
        {
            return Fail(e, error);
        }
    }

    private static int Fail(Exception e, byte** error)
    {
        (string message, int code) = Failure.Of(e);
        if (error != null)
        {
            *error = NativeText.From(message);
        }

        return code;
    }
}
