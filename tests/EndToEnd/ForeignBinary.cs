namespace FlowMeter.Tests.EndToEnd;

/// <summary>The program as published for another platform (scripts/publish --rid), run by what emulates that here.</summary>
internal sealed class ForeignBinary
{
    private readonly string _variable;
    private readonly string[] _emulators;
    private readonly string[] _environment;

    private ForeignBinary(string variable, string[] emulators, string[] environment)
    {
        _variable = variable;
        _emulators = emulators;
        _environment = environment;
    }

    /// <summary>For linux-arm64, under QEMU in user mode, with the C library of Debian's cross compiler.</summary>
    public static ForeignBinary Arm64 { get; } = new(
        "FLOWMETER_ARM64", ["qemu-aarch64-static", "qemu-aarch64"], ["QEMU_LD_PREFIX=/usr/aarch64-linux-gnu"]);

    /// <summary>
    /// For win-x64, under Wine, with a folder for it beside the binary. Wine does not let the runtime have its code twice in memory, once
    /// to write and once to execute.
    /// </summary>
    public static ForeignBinary Windows { get; } = new(
        "FLOWMETER_WINDOWS", ["wine"], ["WINEPREFIX={folder}/wine", "WINEDEBUG=-all", "DOTNET_EnableWriteXorExecute=0"]);

    /// <summary>Why it can not be run here; null if it can.</summary>
    public string? WhyNot => !File.Exists(Binary) ? $"{_variable} does not name a binary; scripts/test does that where it has the tools"
        : Emulator == null ? $"there is no {_emulators[0]}"
        : null;

    private string? Binary => Environment.GetEnvironmentVariable(_variable);

    private string? Emulator => _emulators.FirstOrDefault(Available.HasCommand);

    /// <summary>Runs it to its end, with nothing to read on standard input.</summary>
    public Finished Run(params string[] arguments) => Run([], arguments);

    /// <summary>The same with more in its environment, as NAME=VALUE.</summary>
    public Finished Run(string[] environment, string[] arguments)
    {
        string binary = Path.GetFullPath(Binary!);
        string[] own = [.. _environment.Select(one => one.Replace("{folder}", Path.GetDirectoryName(binary), StringComparison.Ordinal))];
        return Launched.Start("env", [.. own, .. environment, Emulator!, binary, .. arguments]).Finish();
    }
}
