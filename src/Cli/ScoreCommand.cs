using System.CommandLine;
using FlowMeter.Engine.Export;
using FlowMeter.Engine.Tables;

namespace FlowMeter.Cli;

/// <summary><c>flowmeter score</c>: score and verdict for the rows of a table that is there already.</summary>
internal static class ScoreCommand
{
    public static Command Create()
    {
        Argument<string> table = new("FILE") { Description = "The flow table, CSV with a header; - for standard input." };
        Option<string> model = new("--model") { Description = "The model: a FlowMeter JSON file.", HelpName = "PATH", Required = true };
        Option<string> output = new("--output", "-o") { Description = "Where the table goes; - for standard output. Default: -.", HelpName = "PATH", DefaultValueFactory = _ => "-" };
        FileArgument.RejectOptions(table);
        FileArgument.RejectEmpty(table, model, output);
        Command command = new("score", "Add score and verdict to the rows of a flow table.") { table, model, output };
        Examples.Of(command, "flowmeter score flows.csv --model model.json -o judged.csv", "zcat flows.csv.gz | flowmeter score - --model model.json | gzip > judged.csv.gz");
        command.SetAction(result => Run(result.GetValue(table)!, result.GetValue(model)!, result.GetValue(output)!));
        return command;
    }

    private static int Run(string table, string model, string outputPath)
    {
        if (table != "-" && outputPath != "-" && File.Exists(outputPath) && Path.GetFullPath(OutputFile.FollowLinks(table)) == Path.GetFullPath(OutputFile.FollowLinks(outputPath)))
        {
            throw new UsageException($"-o {outputPath}: is the table itself; choose another name.");
        }

        using TableScorer scorer = TableScorer.Open(table, model);
        using OutputFile output = OutputFile.Open(outputPath);
        scorer.Run(output);
        output.Complete();
        return ExitCode.Done;
    }
}
