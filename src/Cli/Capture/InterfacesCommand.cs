using System.CommandLine;
using System.Text.Json;
using FlowMeter.Cli.Help;
using FlowMeter.Cli.Shell;
using FlowMeter.Native;

namespace FlowMeter.Cli.Capture;

/// <summary><c>flowmeter interfaces</c>: what can be captured.</summary>
internal sealed class InterfacesCommand : Command
{
    private readonly Option<bool> _json = new("--json") { Description = "As JSON." };

    public InterfacesCommand()
        : base("interfaces", "List the interfaces that can be captured: name, state, link type, addresses, description.")
    {
        Options.Add(_json);
        Examples.Add(this, "flowmeter interfaces", "flowmeter interfaces --json");
        SetAction(result =>
        {
            ListedInterface[] all = [.. CaptureDevice.List().Select(ListedInterface.From)];
            TextWriter output = result.InvocationConfiguration.Output;
            if (result.GetValue(_json))
            {
                output.WriteLine(JsonSerializer.Serialize(all, ListedInterfaceJson.Default.ListedInterfaceArray));
            }
            else
            {
                Write(output, all);
            }

            return ExitCode.Done;
        });
    }

    private static void Write(TextWriter to, ListedInterface[] all)
    {
        string[][] rows =
        [
            ["name", "state", "link type", "addresses", "description"],
            .. all.Select(device => new[]
            {
                device.Name,
                device.Up ? "up" : "down",
                device.LinkType ?? "",
                string.Join(' ', device.Addresses),
                device.Description ?? "",
            }),
        ];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
        {
            to.WriteLine(string.Join("  ", row.Select((text, column) => text.PadRight(widths[column]))).TrimEnd());
        }
    }
}
