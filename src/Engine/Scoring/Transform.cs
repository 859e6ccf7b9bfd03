namespace FlowMeter.Engine.Scoring;

/// <summary>What a model does to a feature's value x before it weighs it.</summary>
public enum Transform
{
    /// <summary>weight · (x − centre) / scale.</summary>
    Identity,

    /// <summary>
    /// weight · (L(x) − centre) / scale, where L(x) is log(1 + x) for x from 0 on and −log(1 − x) below 0: negative values, which only the
    /// gaps of the `deepfence` profile have, mirror the positive ones.
    /// </summary>
    Log1P,

    /// <summary>The weight of the bin x falls in. The bin's index is the number of edges that are at most x; NaN falls in bin 0.</summary>
    Bins,

    /// <summary>
    /// The weight of the cell of a table that two features fall in, each by its own bins: what they say together beyond what each says.
    /// </summary>
    Pairs,

    /// <summary>
    /// The sum of the weights of the n-grams of a flow's first payload sizes, hashed to buckets (<see cref="SizeNGrams"/>).
    /// </summary>
    Hash,
}
