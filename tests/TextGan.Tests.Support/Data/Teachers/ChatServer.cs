using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace TextGan.Tests.Data.Teachers;

/// <summary>A server of chat completions on this machine, which replies as a test wants.</summary>
sealed class ChatServer : IDisposable
{
    readonly HttpListener listener = new();
    readonly Func<string, int, (int Status, string Body)> reply;
    readonly ConcurrentDictionary<string, int> asked = [];

    /// <param name="reply">Gets the last message and how often it came before; gives status and body.</param>
    public ChatServer(Func<string, int, (int Status, string Body)> reply)
    {
        this.reply = reply;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Endpoint = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/v1";
        }
        listener.Prefixes.Add(Endpoint[..^2]);
        listener.Start();
        _ = Task.Run(Serve);
    }

    /// <summary>One that always succeeds.</summary>
    public static ChatServer Saying(Func<string, string> text) => new((question, _) => (200, Completion(text(question))));

    public string Endpoint { get; }

    /// <summary>The keys and the bodies of all requests.</summary>
    public ConcurrentQueue<(string? Key, JsonNode Body)> Requests { get; } = [];

    public static string Completion(string text) => new JsonObject
    {
        ["id"] = "1", ["object"] = "chat.completion", ["created"] = 1, ["model"] = "m",
        ["choices"] = new JsonArray(new JsonObject
        {
            ["index"] = 0, ["finish_reason"] = "stop", ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = text },
        }),
    }.ToJsonString();

    async Task Serve()
    {
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                _ = Task.Run(() => Handle(context));
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
        }
    }

    void Handle(HttpListenerContext context)
    {
        try
        {
            var body = JsonNode.Parse(context.Request.InputStream)!;
            Requests.Enqueue((context.Request.Headers["Authorization"], body));
            var question = body["messages"]!.AsArray()[^1]!["content"]!.GetValue<string>();
            (context.Response.StatusCode, var text) = reply(question, asked.AddOrUpdate(question, 0, (_, before) => before + 1));
            context.Response.ContentType = "application/json";
            context.Response.OutputStream.Write(Encoding.UTF8.GetBytes(text));
            context.Response.Close();
        }
        catch (Exception gone) when (gone is HttpListenerException or ObjectDisposedException or IOException)
        {
        }
    }

    public void Dispose() => listener.Close();
}
