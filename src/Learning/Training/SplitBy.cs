namespace FlowMeter.Learning.Training;

/// <summary>What stays together when flows are divided into folds.</summary>
public enum SplitBy
{
    /// <summary>Whole captures, those that share flows together: none has flows in two folds.</summary>
    Capture,

    /// <summary>Whole sources, as somebody named them: laboratories, networks.</summary>
    Source,

    /// <summary>Consecutive pieces of each capture.</summary>
    Time,

    /// <summary>Flows at random.</summary>
    Flow,
}
