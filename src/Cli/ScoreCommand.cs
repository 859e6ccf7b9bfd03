using System.CommandLine;
using System.Globalization;
using FlowMeter.Engine.Flow;
using FlowMeter.Engine.Observe;
using FlowMeter.Engine.Output;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;
using FlowMeter.Learning.Evaluation;
using FlowMeter.Report.Pages;

namespace FlowMeter.Cli;

/// <summary><c>flowmeter score</c>: score and verdict for the rows of a table that is there already.</summary>
internal static class ScoreCommand
{
    public static Command Create()
    {
        Argument<string> table = new("FILE") { Description = "The flow table, CSV with a header; - for standard input." };
        Option<string> model = new("--model") { Description = "The model: a FlowMeter JSON file; builtin: the one inside that fits the table. Default: builtin.", HelpName = "PATH", DefaultValueFactory = _ => DefaultModel.Name };
        Option<string> output = new("--output", "-o") { Description = "Where the table goes; - for standard output. Default: -.", HelpName = "PATH", DefaultValueFactory = _ => "-" };
        Option<bool> quiet = new("--quiet", "-q") { Description = "No progress and no notes on stderr; errors and warnings only." };
        model.Complete(() => [DefaultModel.Name]);
        FileArgument.RejectOptions(table);
        FileArgument.RejectEmpty(table, model, output);
        Command command = new("score", "Give score and verdict to the rows of a flow table, replacing those that are there.") { table, model, output, quiet };
        Examples.Of(command, "flowmeter score flows.csv -o judged.csv", "flowmeter score flows.csv --model model.json -o judged.csv", "zcat flows.csv.gz | flowmeter score - --model model.json | gzip > judged.csv.gz");
        command.SetAction(result =>
        {
            using StopSignal stop = new();
            return stop.Run(() => Run(result.GetValue(table)!, result.GetValue(model)!, result.GetValue(output)!, new Notes(result.GetValue(quiet)), stop.Token));
        });
        return command;
    }

    private static int Run(string path, string modelPath, string outputPath, Notes notes, CancellationToken stop)
    {
        FileArgument.RejectInput("-o", outputPath, path, "the table itself");
        InputProgress read = new();
        using FlowTableReader table = FlowTableReader.Open(path, notes.Note, read, stop);
        Model model = TableModel.Load(modelPath, table.Columns, table.Name);
        using TableScorer scorer = new(table, model);
        if (scorer.Replaced.Count > 0)
        {
            notes.Note($"{table.Name}: has columns of a model before: {string.Join(" and ", scorer.Replaced)} are replaced");
        }

        using OutputFile output = OutputFile.Open(outputPath);
        long? bytes = FileArgument.BytesOf([path]);
        using (notes.Show("rows", () => (table.Rows, ProgressLine.ShareOf(read, bytes))))
        {
            try
            {
                scorer.Run(output);
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

    private static void Tell(TableScorer scorer, Model model, Notes notes)
    {
        long Count(Verdict verdict) => scorer.Counts[(int)verdict];
        if (scorer.Missing > 0)
        {
            notes.Note(string.Create(CultureInfo.InvariantCulture, $"{scorer.Missing:#,0} values that the model reads are missing: each counts as the mean of those it was trained with, or as its bin for missing ones"));
        }

        notes.Note(string.Create(
            CultureInfo.InvariantCulture,
            $"{scorer.Counts.Sum():#,0} flows judged by {model.Name}: {Count(Verdict.Malicious):#,0} malicious, {Count(Verdict.Benign):#,0} benign, {Count(Verdict.Undecided):#,0} undecided"));
        (long benign, long inspected) = scorer.Labelled;
        if (ModelVerdict.ThresholdWarning(benign == 0 ? null : (double)inspected / benign) is { } warning)
        {
            notes.Tell($"warning: {warning}");
        }
    }
}
