using System.CommandLine;
using FlowMeter.Cli.Options;
using FlowMeter.Cli.Shell;
using FlowMeter.Engine.Features;

namespace FlowMeter.Cli.Help;

/// <summary><c>flowmeter features</c>: every column of a profile with its unit and meaning.</summary>
internal sealed class FeaturesCommand : Command
{
    private readonly Option<string> _profile = new("--profile")
    {
        Description = "The profile whose columns to print.",
        HelpName = "NAME",
        DefaultValueFactory = _ => Profile.All[0].Name,
    };

    private readonly Option<bool> _markdown = new("--markdown") { Description = "Print the page docs/features.md instead: all profiles." };

    public FeaturesCommand()
        : base("features", "Print every column of a profile with its unit and meaning.")
    {
        _profile.AcceptOnly([.. Profile.All.Select(known => known.Name)]);
        Options.Add(_profile);
        Options.Add(_markdown);
        Examples.Add(this, "flowmeter features", "flowmeter features --profile deepfence");
        SetAction(result =>
        {
            TextWriter output = result.InvocationConfiguration.Output;
            if (result.GetValue(_markdown))
            {
                FeaturesPage.Write(output);
            }
            else
            {
                Write(output, Profile.Find(result.GetValue(_profile)!)!);
            }

            return ExitCode.Done;
        });
    }

    private static void Write(TextWriter to, Profile profile)
    {
        IReadOnlyList<Column> modelOnly = [.. profile.Features.Where(feature => !profile.Columns.Contains(feature))];
        Column[] all = [.. profile.Columns, .. profile.ColumnsOfModel, .. modelOnly];
        int names = all.Max(column => column.Name.Length);
        int units = all.Max(column => column.Unit.Length);
        to.WriteLine($"{profile.Name}: {profile.Summary}");
        to.WriteLine();
        WriteColumns(to, profile.Columns, names, units);
        to.WriteLine();
        to.WriteLine("with a model:");
        WriteColumns(to, profile.ColumnsOfModel, names, units);
        if (modelOnly.Count > 0)
        {
            to.WriteLine();
            to.WriteLine("for the model only:");
            WriteColumns(to, modelOnly, names, units);
        }
    }

    private static void WriteColumns(TextWriter to, IReadOnlyList<Column> columns, int names, int units)
    {
        foreach (Column column in columns)
        {
            to.WriteLine($"  {column.Name.PadRight(names)}  {column.Unit.PadRight(units)}  {column.Meaning}");
        }
    }
}
