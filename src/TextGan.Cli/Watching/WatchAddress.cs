using System.Net;
using System.Net.Sockets;

namespace TextGan.Cli.Watching;

/// <summary>Where a page is served, and by which names browsers may ask for it.</summary>
/// <param name="Address">An address of this machine, or any (0.0.0.0, ::).</param>
/// <param name="Port">The port; 0 for one that is free.</param>
public sealed record WatchAddress(IPAddress Address, int Port)
{
    /// <summary>Whether only this machine can reach it.</summary>
    public bool IsLocal => IPAddress.IsLoopback(Address);

    bool IsAny => Address.Equals(IPAddress.Any) || Address.Equals(IPAddress.IPv6Any);

    /// <exception cref="InvalidInputException">It is no address or no port.</exception>
    public static WatchAddress Of(string address, int port)
    {
        if (port is < 0 or > ushort.MaxValue)
            throw new InvalidInputException("--port", $"{port} is no port; name one up to {ushort.MaxValue}, or 0 for one that is free.");
        if (address == "localhost") return new(IPAddress.Loopback, port);
        // Other texts than four numbers are understood, too: "1" as 0.0.0.1.
        return IPAddress.TryParse(address, out var parsed)
            && (parsed.AddressFamily == AddressFamily.InterNetworkV6 || address.Count(c => c == '.') == 3)
            ? new(parsed, port) : throw new InvalidInputException("--bind",
                $"'{address}' is not an address such as 127.0.0.1, ::1, or 0.0.0.0 for all addresses of this machine.");
    }

    /// <summary>
    /// Whether a request with this Host header may be for this page. A page of another site that points its own name at this machine ("DNS
    /// rebinding") could read what is served without a token. On a network a token is always asked for, and the cookie that has it belongs
    /// to the name for which it was set, so that there all names will do.
    /// </summary>
    /// <param name="host">The header without its port, which differs behind a tunnel.</param>
    public bool IsNamed(string host) => !IsLocal || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var number) && IPAddress.IsLoopback(number));

    /// <summary>The address for a browser.</summary>
    public string Url(WatchToken? token)
    {
        var host = IsAny ? Environment.MachineName : Address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{Address}]" : $"{Address}";
        return $"http://{host}:{Port}/{(token is null ? "" : $"?token={token.Text}")}";
    }
}
