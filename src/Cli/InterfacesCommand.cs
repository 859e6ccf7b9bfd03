using System.CommandLine;
using System.Text.Json;
using FlowMeter.Native;

namespace FlowMeter.Cli;

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
                output.WriteLine(JsonSerializer.Serialize(all, InterfaceJson.Default.ListedInterfaceArray));
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

/// <summary>An interface as it is listed.</summary>
internal sealed record ListedInterface(string Name, bool Up, bool Running, bool Loopback, string? LinkType, string[] Addresses, string? Description)
{
    /// <summary>Takes what libpcap knows. The link type is known only to who may open the interface; else it is null.</summary>
    public static ListedInterface Of(CaptureDevice device) => new(
        device.Name,
        device.State.HasFlag(CaptureDeviceState.Up),
        device.State.HasFlag(CaptureDeviceState.Running),
        device.State.HasFlag(CaptureDeviceState.Loopback),
        LinkTypeOf(device.Name),
        [.. device.Addresses.Select(address => address.ToString())],
        device.Description);

    private static string? LinkTypeOf(string name)
    {
        try
        {
            using PcapCapture capture = PcapCapture.Create(name);
            capture.Activate();
            return DataLink.NameOf(capture.LinkType);
        }
        catch (PcapException)
        {
            return null;
        }
    }
}
