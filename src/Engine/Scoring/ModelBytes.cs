namespace FlowMeter.Engine.Scoring;

/// <summary>Reads a model's file whole, so that every way in which that fails is a <see cref="ModelException"/>.</summary>
internal static class ModelBytes
{
    /// <summary>
    /// The largest file taken for a model: a hundred thousand times the usual, and a capture given by mistake stays unread.
    /// </summary>
    public const long MaxLength = 1L << 28;

    /// <summary>The file's bytes, at least one.</summary>
    /// <exception cref="ModelException">The file is missing, unreadable, empty or too large.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            if (length > MaxLength)
            {
                throw new ModelException(path, string.Empty, $"{length} bytes, expected a model of at most {MaxLength}");
            }

            byte[] bytes = File.ReadAllBytes(path);
            return bytes.Length > 0 ? bytes : throw new ModelException(path, string.Empty, "empty file, expected a model");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelException(
                path, string.Empty, "no such file; name a model that flowmeter train made, or a folder of Deepfence parameters.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelException(path, string.Empty, $"cannot be read: {error.Message}", error);
        }
    }
}
