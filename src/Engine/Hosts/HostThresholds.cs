namespace FlowMeter.Engine.Hosts;

/// <summary>
/// From when on what a host does within ten minutes is a scan, a sweep or brute force; docs/hosts.md explains it. They know no addresses,
/// and no difference between IPv4 and IPv6.
/// </summary>
internal static class HostThresholds
{
    /// <summary>Ports of one host, or hosts with one port, that a scan or a sweep tries in vain at least.</summary>
    public const int Targets = 20;

    /// <summary>The share of its flows there that fail at least.</summary>
    public const double FailedShare = 0.75;

    /// <summary>Sessions with one login service that guesses take at least.</summary>
    public const int Guesses = 10;

    /// <summary>The coefficient of variation of their packets at most: guesses are alike, work is not.</summary>
    public const double GuessVariation = 0.5;

    private const byte Tcp = 6;

    // FTP, SSH, Telnet, POP3, IMAP, SMB, SQL Server, RDP, VNC: services that ask for a password first and that few programs poll.
    private static readonly ushort[] s_logins = [21, 22, 23, 110, 143, 445, 1433, 3389, 5900];

    /// <summary>Whether a service by its port asks for a password first.</summary>
    public static bool IsLogin(byte protocol, ushort port) => protocol == Tcp && s_logins.Contains(port);

    /// <summary>Whether flows to ports of one host, or to hosts with one port, are a scan or a sweep.</summary>
    /// <param name="targets">Ports, or hosts, to which a flow failed.</param>
    /// <param name="flows">All flows there.</param>
    /// <param name="failed">Those that failed.</param>
    public static bool IsInVain(int targets, long flows, long failed) => targets >= Targets && failed >= FailedShare * flows;

    /// <summary>Whether flows to one service of one host are guesses of a password.</summary>
    public static bool IsGuessing(in Talk talk) => talk.Logins >= Guesses && talk.Variation <= GuessVariation;
}
