namespace FlowMeter.Engine.Text;

/// <summary>What stands behind the question mark of an address: <c>NAME=VALUE&amp;NAME=VALUE</c>, values escaped as in a URL.</summary>
internal static class AddressSettings
{
    /// <summary>Reads settings.</summary>
    /// <param name="text">What stands behind the question mark.</param>
    /// <param name="whole">The address, for messages.</param>
    /// <param name="known">The names there are.</param>
    /// <param name="example">Some of them as they are written.</param>
    /// <exception cref="FormatException">One has another name, comes twice or has no value; the message is one line that begins with the
    /// address.</exception>
    public static Dictionary<string, string> Parse(string text, string whole, IReadOnlyList<string> known, string example)
    {
        Dictionary<string, string> settings = [];
        foreach (string[] pair in text.Split('&').Select(pair => pair.Split('=', 2)))
        {
            string value = pair.Length == 2 ? Uri.UnescapeDataString(pair[1]) : "";
            if (!known.Contains(pair[0]) || value.Length == 0 || value.Any(char.IsControl) || !settings.TryAdd(pair[0], value))
            {
                throw new FormatException($"{whole}: {string.Join('=', pair)} is no setting; those are {string.Join(", ", known)}, "
                    + $"each once and with a value, as {example}.");
            }
        }

        return settings;
    }
}
