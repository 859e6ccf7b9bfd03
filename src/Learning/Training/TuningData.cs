using FlowMeter.Engine.Scoring;
using FlowMeter.Learning.Data;

namespace FlowMeter.Learning.Training;

/// <summary>
/// The user's flows and the malicious ones that a model carries, as one data set with the features of the model, divided into folds. Of
/// the latter only the bins are known: they have values of these bins.
/// </summary>
internal sealed class TuningData
{
    // A capture alone is drawn from by pieces of its time, since flows of one moment are alike.
    private const int Pieces = 20;

    private TuningData(DataSet flows, int[] foldOf, SplitBy splitBy, int ofUser)
    {
        Flows = flows;
        FoldOf = foldOf;
        SplitBy = splitBy;
        OfUser = ofUser;
    }

    /// <summary>All flows, the user's first; captures are what the bootstrap draws.</summary>
    public DataSet Flows { get; }

    /// <summary>The fold of each flow.</summary>
    public int[] FoldOf { get; }

    /// <summary>What stays together in folds of the user's flows.</summary>
    public SplitBy SplitBy { get; }

    /// <summary>How many are the user's.</summary>
    public int OfUser { get; }

    /// <summary>Joins the flows.</summary>
    /// <param name="user">The user's flows, with all features of the model.</param>
    /// <param name="model">The model.</param>
    /// <param name="seed">The seed of the folds.</param>
    public static TuningData Join(DataSet user, Model model, ulong seed)
    {
        DataSetBuilder builder = new(user.Profile, model.Columns);
        int[] columns = [.. model.Columns.Select(name => user.Features.Index().First(each => each.Item == name).Index)];
        int benignGroups = user.ByGroup(user.AllRows().Where(row => !user.Positive[row])).Count();
        SplitBy by = benignGroups >= TuningOptions.Folds ? SplitBy.Capture : SplitBy.Time;
        int[] pieces = Folds.Assign(user, user.AllRows(), Folds.Equal(Pieces), SplitBy.Time, seed);
        double[] values = new double[columns.Length];
        for (int row = 0; row < user.Count; row++)
        {
            for (int f = 0; f < values.Length; f++)
            {
                values[f] = user.Columns[columns[f]][row];
            }

            string capture = user.Captures[user.Capture[row]];
            builder.Add(
                values, user.Positive[row], by == SplitBy.Capture ? capture : $"{capture}, part {pieces[row] + 1} of {Pieces}",
                user.Times[row],
                user.HasVolumes
                    ? new FlowVolume(user.Packets[row], user.Bytes[row], user.BypassedPackets[row], user.BypassedBytes[row])
                    : null);
        }

        AddKept(builder, model, user.HasVolumes);
        DataSet flows = builder.Build();
        return new TuningData(flows, FoldsOf(user, flows, by, seed), by, user.Count);
    }

    private static void AddKept(DataSetBuilder builder, Model model, bool hasVolumes)
    {
        IReadOnlyList<KeptColumn> columns = KeptColumn.Of(model.Features) ?? [];
        double[] values = new double[model.Columns.Count];
        for (int flow = 0; flow < (model.Malicious?.Count ?? 0); flow++)
        {
            KeptMalicious.Fill(model, columns, flow, values);

            // Enough packets for a verdict; how many there were is not known.
            builder.Add(
                values, true, $"malicious flows of {model.Name}, group {model.Malicious!.Groups[flow] + 1}", flow,
                hasVolumes ? new FlowVolume(model.MinPackets, 0, 0, 0) : null);
        }
    }

    private static int[] FoldsOf(DataSet user, DataSet flows, SplitBy by, ulong seed)
    {
        double[] shares = Folds.Equal(TuningOptions.Folds);
        int[] kept = [.. Enumerable.Range(user.Count, flows.Count - user.Count)];
        return [.. Folds.Assign(user, user.AllRows(), shares, by, seed), .. Folds.Assign(flows, kept, shares, SplitBy.Capture, seed)];
    }
}
