namespace FlowMeter.Engine.Scoring;

/// <summary>Models on disk: our JSON in a file, or Deepfence's parameters in a folder.</summary>
public static class ModelFile
{
    /// <summary>Loads and checks a model.</summary>
    /// <param name="path">A JSON file (<see cref="ModelJson"/>) or a Deepfence folder (<see cref="DeepfenceModel"/>).</param>
    /// <param name="featureNamesByProfile">The features of every profile there is; those of `deepfence` in its model's order.</param>
    /// <exception cref="ModelException">There is no valid model; the message says where and what is expected.</exception>
    public static Model Load(string path, IReadOnlyDictionary<string, IReadOnlyList<string>> featureNamesByProfile) =>
        Directory.Exists(path)
            ? DeepfenceModel.Load(path, featureNamesByProfile[DeepfenceModel.Profile])
            : ModelJson.Read(ModelBytes.Read(path), path, featureNamesByProfile);
}
