using System.Reflection;
using Xunit.Sdk;

namespace FlowMeter.Tests.Cli;

/// <summary>
/// A row of a test of an option: a line without it, the words that give it, and what they change. <see cref="OptionCoverageTests"/> demands
/// a row for every option of every command.
/// </summary>
/// <param name="bare">A command line without the option.</param>
/// <param name="words">The option as it is typed.</param>
/// <param name="member">The choice that it makes, as a path of properties; empty where the command prints at once.</param>
/// <param name="value">What the choice is then; or text that the command prints then, and not without.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class TypedAttribute(string bare, string words, string member, string value) : DataAttribute
{
    /// <inheritdoc/>
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[bare, words, member, value]];
}
