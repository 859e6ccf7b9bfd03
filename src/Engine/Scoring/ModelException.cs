namespace FlowMeter.Engine.Scoring;

/// <summary>A model cannot be used. The message names the file, the field, what is wrong with it and what is expected.</summary>
public sealed class ModelException : Exception
{
    /// <summary>Says what is wrong.</summary>
    /// <param name="file">The file or folder, as the user named it.</param>
    /// <param name="field">The JSON path, as in <c>features[3].weights</c>, or the line; empty where the file as a whole is meant.</param>
    /// <param name="problem">What is wrong and what is expected.</param>
    /// <param name="cause">The error underneath, if any.</param>
    public ModelException(string file, string field, string problem, Exception? cause = null)
        : base(field.Length == 0 ? $"{file}: {problem}" : $"{file}: {field}: {problem}", cause)
    {
        File = file;
        Field = field;
    }

    /// <summary>The file or folder, as the user named it.</summary>
    public string File { get; }

    /// <summary>The JSON path or the line; empty where the file as a whole is meant.</summary>
    public string Field { get; }
}
