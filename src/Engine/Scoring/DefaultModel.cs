namespace FlowMeter.Engine.Scoring;

/// <summary>
/// The models inside the binary, as <c>scripts/train-default-model</c> wrote them. docs/model-card.md says what they are worth. They are
/// read only when asked for.
/// </summary>
public static class DefaultModel
{
    /// <summary>What stands for the model inside where a model's path is asked for; a file of that name is ./builtin.</summary>
    public const string Name = "builtin";

    private const string Prefix = "default-model/";

    /// <summary>The profiles that have one, in alphabetical order.</summary>
    public static IReadOnlyList<string> Profiles =>
    [
        .. typeof(DefaultModel).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(
            Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..]).Order(StringComparer.Ordinal),
    ];

    /// <summary>Reads the model of a profile.</summary>
    /// <param name="profile">The profile's name.</param>
    /// <param name="featureNames">The profile's features.</param>
    /// <returns>The model; null if the profile has none.</returns>
    public static Model? Load(string profile, IReadOnlyList<string> featureNames) => ReadBytes(profile) is { } utf8
        ? ModelJson.Read(
            utf8, $"the default model of profile {profile}", new Dictionary<string, IReadOnlyList<string>> { [profile] = featureNames })
        : null;

    /// <summary>The file of a profile's model, as <c>--model</c> takes it; null if the profile has none.</summary>
    public static byte[]? ReadBytes(string profile)
    {
        using Stream? resource = typeof(DefaultModel).Assembly.GetManifestResourceStream(Prefix + profile);
        if (resource == null)
        {
            return null;
        }

        byte[] utf8 = new byte[resource.Length];
        resource.ReadExactly(utf8);
        return utf8;
    }
}
