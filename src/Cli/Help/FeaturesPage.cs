using FlowMeter.Engine.Features;

namespace FlowMeter.Cli.Help;

/// <summary>The page docs/features.md, made from the catalogue of profiles: every column of every profile.</summary>
internal static class FeaturesPage
{
    public static void Write(TextWriter to)
    {
        to.NewLine = "\n";
        to.WriteLine("# Columns");
        to.WriteLine();
        to.WriteLine("Every column of every profile. Made by `flowmeter features --markdown`; a test compares it with the program.");
        to.WriteLine();
        to.WriteLine("Mean, deviation, minimum and maximum of nothing are 0. A packet older than the newest one has a gap of 0, and the "
            + "next gap is measured from the newest time so far.");
        foreach (Profile profile in Profile.All)
        {
            to.WriteLine();
            to.WriteLine($"## `{profile.Name}`");
            to.WriteLine();
            to.WriteLine($"{char.ToUpperInvariant(profile.Summary[0])}{profile.Summary[1..]}. {profile.Columns.Count} columns, "
                + $"{profile.Features.Count} features for a model.");
            if (profile.Notes.Length > 0)
            {
                to.WriteLine();
                to.WriteLine(profile.Notes);
            }

            WriteTable(to, profile.Columns);
            Column[] modelOnly = [.. profile.Features.Where(feature => !profile.Columns.Contains(feature))];
            if (modelOnly.Length > 0)
            {
                to.WriteLine();
                to.WriteLine("For a model only:");
                WriteTable(to, modelOnly);
            }
        }

        to.WriteLine();
        to.WriteLine("## Behind all others");
        to.WriteLine();
        to.WriteLine("The first two where flows are judged: by the model inside in profiles `flowmeter`, `extended` and `full` unless "
            + "`--model none` is given, in others with `--model`. The third in profile `full` beside them, the next one with "
            + "`--community-id`, then the one with `--state` in other profiles than `full`, those with `--names`, the one with `--label` "
            + "in a profile that has no column for it, and the last one with `--explain`.");
        WriteTable(
            to,
            [
                .. Column.OfModel, Column.OfVerdictBasis, Column.OfCommunityId, Column.OfConnectionState, .. Column.OfNames, Column.OfLabel,
                Column.OfExplanation,
            ]);
    }

    private static void WriteTable(TextWriter to, IReadOnlyList<Column> columns)
    {
        to.WriteLine();
        to.WriteLine("| column | unit | meaning |");
        to.WriteLine("|---|---|---|");
        foreach (Column column in columns)
        {
            to.WriteLine($"| `{column.Name}` | {column.Unit} | {column.Meaning} |");
        }
    }
}
