using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using TextGan.Reporting.Report;

namespace TextGan.Cli.Watching;

/// <summary>
/// Answers requests for three things: the page, the data that it shows, and which state of the runs these are. Requests are only
/// compared with constants and the token: no path of a request reaches the file system.
/// </summary>
/// <param name="runs">What is served.</param>
/// <param name="address">Where it is served.</param>
/// <param name="token">The token that every request must have; null: none.</param>
sealed class WatchRequests(WatchedRuns runs, WatchAddress address, WatchToken? token) : IHttpApplication<HttpContext>
{
    const string TokenKey = "token", Gzip = "gzip";
    const string Json = "application/json", Html = "text/html; charset=utf-8", Plain = "text/plain; charset=utf-8";

    /// <summary>Shorter answers fit one network packet and are sent as they are.</summary>
    const int LeastCompressed = 1400;

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception) { }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var headers = response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (!address.IsNamed(request.Host.Host))
        {
            await Reject(StatusCodes.Status403Forbidden, "The address that the browser asks for is not that of textgan watch.");
            return;
        }
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            headers.Allow = "GET, HEAD";
            await Reject(StatusCodes.Status405MethodNotAllowed, "Runs are shown here, and nothing else.");
            return;
        }
        if (request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0)
        {
            headers.Connection = "close";
            await Reject(StatusCodes.Status413PayloadTooLarge, "A request has no content here.");
            return;
        }
        var isInAddress = token is not null && token.Is(request.Query[TokenKey]);
        if (token is not null && !isInAddress && !token.Is(request.Cookies[token.CookieName]))
        {
            await Reject(StatusCodes.Status401Unauthorized, "A token is needed: open the whole address that textgan watch has printed.");
            return;
        }
        switch (request.Path.Value)
        {
            case "/" when isInAddress:
                // From here on the cookie has it, and neither the address bar nor the history.
                response.Cookies.Append(token!.CookieName, token.Text, new CookieOptions
                {
                    HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/",
                });
                headers.Location = "/";
                response.StatusCode = StatusCodes.Status303SeeOther;
                return;
            case "/":
                headers.ContentSecurityPolicy = $"{LiveReport.Policy}; frame-ancestors 'none'";
                await Send(Html, (await runs.Now()).Report.Page);
                return;
            case "/data":
                await Send(Json, (await runs.Now()).Report.Data);
                return;
            case "/state":
                var (report, problems) = await runs.Now();
                await Send(Json, JsonSerializer.SerializeToUtf8Bytes(new { state = report.State, problems }));
                return;
            default:
                await Reject(StatusCodes.Status404NotFound, "There is nothing here.");
                return;
        }

        Task Reject(int status, string sentence)
        {
            response.StatusCode = status;
            return Send(Plain, Encoding.UTF8.GetBytes(sentence + "\n"));
        }

        async Task Send(string type, ReadOnlyMemory<byte> content)
        {
            response.ContentType = type;
            if (content.Length >= LeastCompressed)
            {
                headers.Vary = "Accept-Encoding";
                if (request.GetTypedHeaders().AcceptEncoding.Any(coding =>
                        coding.Value.Equals(Gzip, StringComparison.OrdinalIgnoreCase) && coding.Quality != 0))
                {
                    headers.ContentEncoding = Gzip;
                    content = Compressed(content);
                }
            }
            response.ContentLength = content.Length;
            if (!HttpMethods.IsHead(request.Method)) await response.Body.WriteAsync(content, context.RequestAborted);
        }
    }

    static ReadOnlyMemory<byte> Compressed(ReadOnlyMemory<byte> content)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest)) gzip.Write(content.Span);
        return compressed.ToArray();
    }
}
