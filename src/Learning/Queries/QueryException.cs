namespace FlowMeter.Learning.Queries;

/// <summary>An expression that can not be read, or that does not fit its table. The message is one line, without the place.</summary>
/// <param name="message">What is wrong, and what to write instead.</param>
/// <param name="at">The place in the expression, in characters from 0.</param>
/// <param name="length">Characters that are wrong; 1 at least.</param>
public sealed class QueryException(string message, int at, int length) : Exception(message)
{
    /// <summary>The place in the expression, in characters from 0.</summary>
    public int At { get; } = at;

    /// <summary>Characters that are wrong; 1 at least.</summary>
    public int Length { get; } = Math.Max(length, 1);

    /// <summary>The option that has the fault, as <c>--sort</c>; null for the expression.</summary>
    public string? Option { get; init; }

    /// <summary>A word that nobody knows; null where the fault is another one.</summary>
    public string? Unknown { get; init; }

    /// <summary>The words that could stand in its place.</summary>
    public IReadOnlyList<string> Known { get; init; } = [];
}
