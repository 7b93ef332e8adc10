using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace TextGan.Cli.Watching;

/// <summary>
/// Serves the report of watched runs over HTTP: Kestrel alone, without a host, so that no configuration file, environment variable or log
/// has a say in it.
/// </summary>
public sealed class WatchServer : IDisposable
{
    /// <summary>A browser has up to six connections.</summary>
    const int MostConnections = 64;

    /// <summary>A browser sends the cookies that other programs have set for this machine, too.</summary>
    const int LongestHeaders = 16 * 1024, MostHeaders = 64, LongestRequestLine = 2 * 1024;

    static readonly TimeSpan KeptAlive = TimeSpan.FromSeconds(30), TimeToEnd = TimeSpan.FromSeconds(2);

    readonly KestrelServer server;

    WatchServer(KestrelServer server, WatchAddress address) => (this.server, Address) = (server, address);

    /// <summary>Where it is served, with the port that was found.</summary>
    public WatchAddress Address { get; }

    /// <summary>Serves until it is disposed of.</summary>
    /// <param name="runs">What is served.</param>
    /// <param name="address">Where.</param>
    /// <param name="token">The token that every request must have; null: none.</param>
    /// <param name="patience">How long the headers of a request may take; null for ten seconds.</param>
    /// <exception cref="InvalidInputException">The address or the port is not available.</exception>
    public static WatchServer Start(WatchedRuns runs, WatchAddress address, WatchToken? token, TimeSpan? patience = null)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxConcurrentConnections = MostConnections;
        options.Limits.MaxConcurrentUpgradedConnections = 0;
        options.Limits.MaxRequestBodySize = 0;
        options.Limits.MaxRequestLineSize = LongestRequestLine;
        options.Limits.MaxRequestHeadersTotalSize = LongestHeaders;
        options.Limits.MaxRequestHeaderCount = MostHeaders;
        options.Limits.RequestHeadersTimeout = patience ?? TimeSpan.FromSeconds(10);
        options.Limits.KeepAliveTimeout = KeptAlive;
        options.Listen(address.Address, address.Port, listen => listen.Protocols = HttpProtocols.Http1);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        var server = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
        try
        {
            server.StartAsync(new WatchRequests(runs, address, token), CancellationToken.None).GetAwaiter().GetResult();
            var bound = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
            return new(server, address with { Port = new Uri(bound).Port });
        }
        catch (Exception failed) when (failed is IOException or SocketException)
        {
            server.Dispose();
            throw Problem(failed, address);
        }
    }

    static InvalidInputException Problem(Exception failed, WatchAddress address)
    {
        for (var cause = failed; cause is not null; cause = cause.InnerException!)
            if (cause is SocketException { SocketErrorCode: var code })
                switch (code)
                {
                    case SocketError.AddressAlreadyInUse:
                        return new("--port", $"{address.Port} is in use; name another one, or 0 for one that is free.");
                    case SocketError.AccessDenied:
                        return new("--port", $"{address.Port} may not be used; name one above 1023, or 0 for one that is free.");
                    case SocketError.AddressNotAvailable:
                        return new("--bind", $"{address.Address} is not an address of this machine.");
                }
        return new("--bind", $"{address.Address}, port {address.Port}, is not available: {failed.Message}");
    }

    public void Dispose()
    {
        using var end = new CancellationTokenSource(TimeToEnd);
        try
        {
            server.StopAsync(end.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            // Somebody still reads; the connection is closed.
        }
        server.Dispose();
    }
}
