using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using TextGan.Safety;

namespace TextGan.Runs.Trackers;

/// <summary>Requests to an MLflow server (REST API 2.0: https://mlflow.org/docs/latest/api_reference/rest-api.html).</summary>
sealed class MlflowServer : IDisposable
{
    /// <summary>The most of an answer that is read.</summary>
    const int LongestAnswer = 1 << 20;

    readonly HttpClient client;
    readonly Uri server;
    readonly string[] secrets;

    /// <param name="server">Its address.</param>
    /// <param name="user">The user's name, with a password.</param>
    /// <param name="password">The password.</param>
    /// <param name="token">Another way to say who asks; null for none. As MLflow does, user and password go first.</param>
    public MlflowServer(Uri server, string? user, string? password, string? token)
    {
        this.server = new Uri(server.AbsoluteUri.TrimEnd('/') + "/api/2.0/mlflow/");
        client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = LongestAnswer,
        };
        client.DefaultRequestHeaders.Authorization = user is not null && password is not null
            ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")))
            : token is not null ? new AuthenticationHeaderValue("Bearer", token) : null;
        secrets = [.. new[] { password, token, client.DefaultRequestHeaders.Authorization?.Parameter }.OfType<string>()];
    }

    /// <summary>Asks; null where there is no such thing (404).</summary>
    /// <exception cref="HttpRequestException">The server is not there, or says no.</exception>
    public JsonObject? Get(string path) => Send(new HttpRequestMessage(HttpMethod.Get, new Uri(server, path)), path);

    /// <inheritdoc cref="Get"/>
    public JsonObject? Post(string path, JsonObject body) => Send(new HttpRequestMessage(HttpMethod.Post, new Uri(server, path))
    {
        Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
    }, path);

    JsonObject? Send(HttpRequestMessage request, string path)
    {
        using (request)
        {
            try
            {
                using var response = client.Send(request);
                using var reader = new StreamReader(response.Content.ReadAsStream());
                var text = reader.ReadToEnd();
                if (response.IsSuccessStatusCode) return Parse(text) ?? throw new HttpRequestException("its answer is not JSON.");
                var error = Parse(text);
                if (response.StatusCode == HttpStatusCode.NotFound && Text(error, "error_code") == "RESOURCE_DOES_NOT_EXIST") return null;
                throw new HttpRequestException(
                    $"{(int)response.StatusCode} {Text(error, "error_code")} {Text(error, "message")}".Trim());
            }
            catch (Exception refused) when (refused is HttpRequestException or TaskCanceledException or IOException)
            {
                var reason = refused is TaskCanceledException ? "no answer within 10 seconds" : refused.Message;
                foreach (var secret in secrets) reason = reason.Replace(secret, "***", StringComparison.Ordinal);
                throw new HttpRequestException(
                    $"{server.GetLeftPart(UriPartial.Authority)} {path.Split('?')[0]}: {SafeText.Line(reason, 200)}");
            }
        }
    }

    static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text.Length == 0 ? "{}" : text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static string? Text(JsonObject? answer, string name) =>
        answer?[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    public void Dispose() => client.Dispose();
}
