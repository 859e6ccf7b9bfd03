using FlowMeter.Engine.Features;
using FlowMeter.Learning.Data;

namespace FlowMeter.Report.Statistics;

/// <summary>
/// The columns of a table by their role in a report (<see cref="FlowFields"/>). Columns are numbered from 0; -1 where there is none.
/// </summary>
internal sealed class ColumnRoles
{
    private readonly TableColumns _columns;

    /// <summary>Finds the columns.</summary>
    public ColumnRoles(TableColumns columns)
    {
        _columns = columns;
        FlowFields flow = new(columns);
        Time = flow.StartTime;
        Source = flow.SourceAddress;
        Destination = flow.DestinationAddress;
        Port = flow.DestinationPort;
        Protocol = flow.Protocol;
        EndReason = flow.EndReason;
        Verdict = flow.Verdict;
        VerdictBy = flow.VerdictBasis;
        Score = flow.Score;
        Explanation = flow.Explanation;
        State = flow.ConnectionState;
        ServerName = flow.ServerName;
        CommunityId = flow.CommunityId;
        SourcePort = flow.SourcePort;
        Packets = [.. flow.Packets];
        Bytes = [.. flow.Bytes];
    }

    /// <summary>The column of the start time.</summary>
    public int Time { get; }

    /// <summary>The column of the source address.</summary>
    public int Source { get; }

    /// <summary>The column of the destination address.</summary>
    public int Destination { get; }

    /// <summary>The column of the destination port.</summary>
    public int Port { get; }

    /// <summary>The column of the protocol.</summary>
    public int Protocol { get; }

    /// <summary>The column of the end reason.</summary>
    public int EndReason { get; }

    /// <summary>The column of the verdict.</summary>
    public int Verdict { get; }

    /// <summary>The column that says what the verdict rests on.</summary>
    public int VerdictBy { get; }

    /// <summary>The column of the score.</summary>
    public int Score { get; }

    /// <summary>The column that says what pushed the score.</summary>
    public int Explanation { get; }

    /// <summary>The column of the state of the connection.</summary>
    public int State { get; }

    /// <summary>The column of the name of the server.</summary>
    public int ServerName { get; }

    /// <summary>The column of the Community ID.</summary>
    public int CommunityId { get; }

    /// <summary>The column of the source port.</summary>
    public int SourcePort { get; }

    /// <summary>The columns whose sum is the number of packets; empty where there are none.</summary>
    public int[] Packets { get; }

    /// <summary>The columns whose sum is the number of bytes; empty where there are none.</summary>
    public int[] Bytes { get; }

    /// <summary>
    /// The columns to show distributions of: the features of the profile, or, in a table of no profile, all but those of
    /// <see cref="ForbiddenFeature"/>.
    /// </summary>
    public IReadOnlyList<(int Place, Column Column)> Features()
    {
        Profile? profile = _columns.FindProfile();
        if (profile != null)
        {
            HashSet<string> printed = [.. TableColumns.PrintedFeatures(profile)];
            return [.. profile.Features.Where(column => printed.Contains(column.Name)).Select(
                column => (_columns.Find(column.Name), column))];
        }

        int label = _columns.Find("label") is >= 0 and int found ? found : _columns.Find("Label");
        int[] known = [Time, Source, Destination, Port, Protocol, EndReason, Verdict, VerdictBy, Score, Explanation, label];
        return [.. _columns.Header.Index()
            .Where(column => !known.Contains(column.Index) && !ForbiddenFeature.Is(column.Item))
            .Select(column => (column.Index, new Column(column.Item, "", "", ColumnSource.Double)))];
    }
}
