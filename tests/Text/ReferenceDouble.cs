using System.Globalization;
using System.Text;

namespace FlowMeter.Tests.Text;

/// <summary>
/// The expected text of a double: the digits of .NET's "R", which are shortest and nearest, laid out by the rules of the export.
/// </summary>
internal static class ReferenceDouble
{
    public static string Text(double value)
    {
        string r = value.ToString("R", CultureInfo.InvariantCulture);
        if (!double.IsFinite(value))
        {
            return r;
        }

        string sign = r.StartsWith('-') ? "-" : "";
        (string digits, int exponent) = Parse(r[sign.Length..]);
        return sign + Layout(digits, exponent);
    }

    /// <summary>Plain notation from 10^-5 up to 10^16, else scientific.</summary>
    public static string Layout(string digits, int exponent)
    {
        var text = new StringBuilder();
        if (exponent is < -5 or > 15)
        {
            text.Append(digits[0]);
            if (digits.Length > 1)
            {
                text.Append('.').Append(digits, 1, digits.Length - 1);
            }

            string magnitude = Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);
            return text.Append('e').Append(exponent < 0 ? '-' : '+').Append(magnitude).ToString();
        }

        if (exponent < 0)
        {
            return text.Append("0.").Append('0', -exponent - 1).Append(digits).ToString();
        }

        string padded = digits.PadRight(exponent + 1, '0');
        text.Append(padded, 0, exponent + 1);
        return padded.Length == exponent + 1
            ? text.ToString()
            : text.Append('.').Append(padded, exponent + 1, padded.Length - exponent - 1).ToString();
    }

    // Digits without zeros at either end and the exponent of the first one.
    private static (string Digits, int Exponent) Parse(string text)
    {
        string[] parts = text.Split('E');
        int exponent = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        string[] halves = parts[0].Split('.');
        string all = halves[0] + (halves.Length > 1 ? halves[1] : "");
        string significant = all.TrimStart('0');
        if (significant.Length == 0)
        {
            return ("0", 0);
        }

        exponent += halves[0].Length - 1 - (all.Length - significant.Length);
        return (significant.TrimEnd('0'), exponent);
    }
}
