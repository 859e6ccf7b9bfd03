namespace FlowMeter.Tests.Fuzz;

/// <summary>
/// Something that reads bytes of strangers, with what must hold for all bytes. A coverage-guided fuzzer looks for bytes that break it
/// (<c>scripts/fuzz</c>); the tests replay the corpus and change it at random.
/// </summary>
/// <param name="Name">The name of the target, and of its folder in the corpus.</param>
/// <param name="Run">Throws where something does not hold.</param>
internal sealed record FuzzTarget(string Name, Action<byte[]> Run)
{
    /// <summary>Inputs in a row are longer at most than this, so that none takes long.</summary>
    public const int MaxLength = 1 << 16;

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("savefile", SavefileTarget.Run),
        new("decode", DecodeTarget.Run),
        new("meter", MeterTarget.Run),
        new("split", SplitTarget.Run),
        new("model", ModelTarget.Run),
        new("table", TableTarget.Run),
        new("labels", LabelsTarget.Run),
        new("http", HttpTarget.Run),
        new("page", PageTarget.Run),
        new("expression", ExpressionTarget.Run),
        new("name", NameTarget.Run),
        new("payload", PayloadTarget.Run),
    ];

    public static FuzzTarget Find(string name) =>
        All.FirstOrDefault(target => target.Name == name)
            ?? throw new ArgumentException($"there is no target {name}; there are {string.Join(", ", All.Select(target => target.Name))}");
}
