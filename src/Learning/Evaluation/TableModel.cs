using FlowMeter.Engine.Features;
using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Evaluation;

/// <summary>Loads the model for a table: from a file, or the built-in one that fits the columns of the table.</summary>
public static class TableModel
{
    /// <summary>Loads a model and checks that the table has what it reads.</summary>
    /// <param name="path">A model of one of our profiles, or one that was trained on a table with these columns;
    /// <see cref="DefaultModel.Name"/> for a built-in one.</param>
    /// <param name="columns">The columns of the table.</param>
    /// <param name="table">The name of the table in messages.</param>
    /// <exception cref="ModelException">The file is no valid model.</exception>
    /// <exception cref="DataException">The table lacks a feature of the model, or no built-in model fits it.</exception>
    public static Model Load(string path, TableColumns columns, string table)
    {
        if (path == DefaultModel.Name)
        {
            return Fitting(columns, table);
        }

        Dictionary<string, IReadOnlyList<string>> names = Profile.All.ToDictionary(
            profile => profile.Name, profile => profile.FeatureNames);
        names.Add(DataSet.TableProfile, columns.Header);
        Model model = ModelFile.Load(path, names);
        return Missing(model, columns) is { } missing
            ? throw new DataException($"{table}: there is no column '{missing}', which the model reads; the nearest is "
                + $"'{NearestName.Find(missing, columns.Header)}'. The model is for tables of profile {model.Profile}.")
            : model;
    }

    /// <summary>The built-in model with most features, of those whose features are all in the table.</summary>
    private static Model Fitting(TableColumns columns, string table)
    {
        Model[] inside = [.. DefaultModel.Profiles.Select(profile => DefaultModel.Load(profile, Profile.Find(profile)!.FeatureNames)!)];
        return inside.Where(model => Missing(model, columns) == null).MaxBy(model => model.Features.Length)
            ?? throw new DataException(
                $"{table}: the models inside are for tables of profile {string.Join(" or ", inside.Select(model => model.Profile))}, and "
                    + $"this one has no column '{Missing(inside.MinBy(model => model.Features.Length)!, columns)}'"
                + (columns.FindProfile() is { } profile ? $", it is of profile {profile.Name}" : "") + "; name a model for it with "
                    + "--model, made by flowmeter train.");
    }

    private static string? Missing(Model model, TableColumns columns) =>
        model.Columns.FirstOrDefault(name => columns.Find(name) < 0);
}
