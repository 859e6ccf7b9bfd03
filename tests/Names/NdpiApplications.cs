using System.Globalization;
using System.Net;

namespace FlowMeter.Tests.Names;

/// <summary>What nDPI calls the flows of a capture: the protocol, without the service that uses it.</summary>
internal static class NdpiApplications
{
    /// <summary>Reads the table that <c>ndpiReader -C</c> writes.</summary>
    public static Dictionary<string, string> Parse(IEnumerable<string> lines)
    {
        Dictionary<string, string> flows = [];
        foreach (string[] cells in lines.Skip(1).Select(line => line.Split(',')))
        {
            if (cells.Length > 11 && byte.TryParse(cells[1], CultureInfo.InvariantCulture, out byte protocol)
                && IPAddress.TryParse(cells[5], out IPAddress? source) && IPAddress.TryParse(cells[7], out IPAddress? destination))
            {
                IPEndPoint one = new(source, int.Parse(cells[6], CultureInfo.InvariantCulture));
                IPEndPoint other = new(destination, int.Parse(cells[8], CultureInfo.InvariantCulture));
                flows.TryAdd(TsharkNames.KeyOf(protocol, one, other), cells[10].Split('.')[0]);
            }
        }

        return flows;
    }
}
