using System.Globalization;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;
using FlowMeter.Cli.Summary;
using FlowMeter.Engine.Capture;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Evaluation;
using FlowMeter.Report.Pages;

namespace FlowMeter.Cli.Learn;

/// <summary>One run of <c>flowmeter score</c>.</summary>
internal static class ScoreRun
{
    public static int Execute(ScoreChoices choices)
    {
        using StopSignal stop = new();
        return stop.Run(() => Run(choices, new Notes(choices.Quiet), stop.Token));
    }

    private static int Run(ScoreChoices choices, Notes notes, CancellationToken stop)
    {
        // The model's path stands among those that are read: which model it is depends on the table.
        RunSandbox.Enter(choices.IsSandboxed, [choices.Table, choices.ModelPath], choices.Output);
        TableEncoding encoding = EncodingOf(choices.Output);
        InputProgress read = new();
        using FlowTableReader table = FlowTableReader.Open(choices.Table, notes.Note, read, stop);
        Model model = VerdictOptions.Apply(
            TableModel.Load(choices.ModelPath, table.Columns, table.Name), choices.Threshold, choices.Budget);
        using TableScorer scorer = new(table, model, choices.Explain);
        if (scorer.Replaced.Count > 0)
        {
            notes.Note($"{table.Name}: has columns of a model before: {string.Join(" and ", scorer.Replaced)} are replaced");
        }

        using OutputFile output = OutputFile.Open(choices.Output, encoding.Framing);
        long? bytes = FileArgument.BytesOf([choices.Table]);
        using (notes.Show("rows", () => (table.Rows, ProgressLine.ShareOf(read, bytes))))
        {
            try
            {
                scorer.Run(encoding.Before(output));
            }
            catch (OperationCanceledException)
            {
                // Half a table looks like a whole one; the whole is made again as fast.
                output.Discard();
                throw;
            }
            catch (DataException e) when (output.Partial is { } rows)
            {
                throw new DataException($"{e.Message} The rows before are in {rows}.", e);
            }
        }

        output.Complete();
        Tell(scorer, model, notes);
        return ExitCode.Done;
    }

    private static TableEncoding EncodingOf(string output)
    {
        TableEncoding encoding = TableEncoding.Of(output, named: null);
        return encoding.Format == TableFormat.Csv
            ? encoding
            : throw new UsageException($"-o {output}: a scored table is CSV; give it the ending {TableFormat.Csv.Ending}.");
    }

    private static void Tell(TableScorer scorer, Model model, Notes notes)
    {
        long Count(Verdict verdict) => scorer.Counts[(int)verdict];
        if (scorer.Missing > 0)
        {
            notes.Note(string.Create(CultureInfo.InvariantCulture, $"{scorer.Missing:#,0} values that the model reads are missing: each "
                + $"counts as the mean of those it was trained with, or as its bin for missing ones"));
        }

        notes.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"{scorer.Counts.Sum():#,0} flows judged by {model.Name}: {Count(Verdict.Malicious):#,0} malicious, "
                + $"{Count(Verdict.Benign):#,0} benign, {Count(Verdict.Undecided):#,0} undecided"));
        if (model.IsUntuned)
        {
            notes.Note($"model {model.Name} is {RunSummary.Untuned}");
        }

        (long benign, long inspected) = scorer.Labelled;
        if (ModelVerdict.ThresholdWarning(benign == 0 ? null : (double)inspected / benign) is { } warning)
        {
            Notes.Warn(warning);
        }
    }
}
