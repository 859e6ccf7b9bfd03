using System.CommandLine;
using System.Text.Json;
using FlowMeter.Cli.Help;
using FlowMeter.Cli.Shell;
using FlowMeter.Native;

namespace FlowMeter.Cli.Capture;

/// <summary><c>flowmeter interfaces</c>: what can be captured.</summary>
internal static class InterfacesCommand
{
    public static Command Create()
    {
        Option<bool> json = new("--json") { Description = "As JSON." };
        Command command = new("interfaces", "List the interfaces that can be captured: name, state, link type, addresses, description.") { json };
        Examples.Of(command, "flowmeter interfaces", "flowmeter interfaces --json");
        command.SetAction(result =>
        {
            ListedInterface[] all = [.. CaptureDevice.List().Select(ListedInterface.Of)];
            TextWriter output = result.InvocationConfiguration.Output;
            if (result.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(all, ListedInterfaceJson.Default.ListedInterfaceArray));
            }
            else
            {
                Write(output, all);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(TextWriter to, ListedInterface[] all)
    {
        string[][] rows =
        [
            ["name", "state", "link type", "addresses", "description"],
            .. all.Select(device => new[] { device.Name, device.Up ? "up" : "down", device.LinkType ?? "", string.Join(' ', device.Addresses), device.Description ?? "" }),
        ];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
        {
            to.WriteLine(string.Join("  ", row.Select((text, column) => text.PadRight(widths[column]))).TrimEnd());
        }
    }
}
