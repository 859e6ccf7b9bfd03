using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Reflection;
using FlowMeter.Cli;
using Xunit.Sdk;

namespace FlowMeter.Tests.Cli;

/// <summary>
/// Every command has a class of tests, and every option of every command a row in it: an option that nobody tests in process is named here.
/// </summary>
public sealed class OptionCoverageTests
{
    [Fact]
    public void Every_command_has_a_class_of_tests() =>
        Assert.All(Commands.Root().Subcommands, command => Assert.NotNull(Type.GetType(ClassOf(command))));

    [Fact]
    public void Every_option_of_every_command_has_a_row_in_its_class() => Assert.Empty(Untested(Commands.Root()));

    [Fact]
    public void An_option_without_a_row_is_found()
    {
        RootCommand root = Commands.Root();
        root.Options.Add(new Option<bool>("--colour"));
        root.Subcommands.Single(command => command.Name == "read").Options.Add(new Option<bool>("--new"));
        root.Subcommands.Add(new Command("other") { new Option<bool>("--labels") });
        Assert.Equal(["flowmeter --colour", "read --new", "other --labels"], Untested(root));
    }

    private static IEnumerable<string> Untested(RootCommand root)
    {
        HashSet<(string Class, Type Command, string Option)> tested =
        [
            .. from method in typeof(OptionCoverageTests).Assembly.GetTypes().Where(type => type.IsPublic).SelectMany(
                type => type.GetMethods())
               from data in method.GetCustomAttributes<DataAttribute>().Where(data => data is TypedAttribute or TypedMeteringAttribute)
               from row in data.GetData(method)
               from option in Given($"{row[0]} {row[1]}").Except(Given($"{row[0]}"))
               select (method.DeclaringType!.FullName!, option.Command, option.Option),
        ];
        return from command in Descendants(root)
               from option in command.Options
               let isOfAll = option is HelpOption or VersionOption or { Name: "--verbose" }
               let type = isOfAll ? typeof(HelpCommandTests).FullName! : ClassOf(command)
               where !tested.Contains((type, command.GetType(), option.Name))
               select $"{(command == root ? "flowmeter" : command.Name)} {option.Name}";
    }

    private static IEnumerable<Command> Descendants(Command command) => command.Subcommands.SelectMany(Descendants).Prepend(command);

    private static IEnumerable<(Type Command, string Option)> Given(string line)
    {
        CommandResult result = CommandLine.Parse(line).CommandResult;
        return result.Children.OfType<OptionResult>().Where(option => !option.Implicit).Select(
            option => (result.Command.GetType(), option.Option.Name));
    }

    private static string ClassOf(Command command) =>
        $"{typeof(OptionCoverageTests).Namespace}.{char.ToUpperInvariant(command.Name[0])}{command.Name[1..]}CommandTests";
}
