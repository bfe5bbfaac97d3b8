using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore.Tests;

/// <summary>
/// Replaces the token <c>old</c> by <c>new</c>, and answers that when it is let. The real server's token is not for tests to
/// rotate, since all of them share it.
/// </summary>
internal sealed class RotatingServer : IDisposable
{
    private const string State = "event: state\ndata: {\"locks\":[],\"complete\":true}\n\n";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource _rotated = new();
    private readonly TaskCompletionSource _refused = new();
    private readonly TaskCompletionSource _mayAnswer = new();

    public RotatingServer()
    {
        _listener.Start();
        _ = ServeAsync();
    }

    /// <summary>Completes when it has been asked for a new token.</summary>
    public Task Rotated => _rotated.Task;

    /// <summary>Completes when it has refused the old one.</summary>
    public Task Refused => _refused.Task;

    public OctoStoreClient Client() =>
        new(new OctoStoreClientOptions { BaseUrl = $"http://{_listener.LocalEndpoint}", Token = "old" });

    public OctoStoreClient Client(Func<CancellationToken, Task<string>> token) =>
        new(new OctoStoreClientOptions { BaseUrl = $"http://{_listener.LocalEndpoint}", TokenSource = token });

    public void AnswerRotation() => _mayAnswer.TrySetResult();

    public void Dispose()
    {
        AnswerRotation();
        _listener.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true) _ = AnswerAsync(await _listener.AcceptTcpClientAsync());
    }

    private async Task AnswerAsync(TcpClient connection)
    {
        using (connection)
        {
            NetworkStream stream = connection.GetStream();
            using var lines = new StreamReader(stream);
            string request = "";
            while (await lines.ReadLineAsync() is { Length: > 0 } line) request += $"{line}\n";
            string answer = await AnswerToAsync(request);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
        }
    }

    private async Task<string> AnswerToAsync(string request)
    {
        if (request.Contains("/auth/token/rotate"))
        {
            _rotated.TrySetResult();
            await _mayAnswer.Task;
            return Answer("200 OK", "application/json", "{\"token\":\"new\"}");
        }
        if (request.Contains("Bearer new")) return Answer("200 OK", "text/event-stream", State);
        _refused.TrySetResult();
        return Answer("401 Unauthorized", "application/json", "{\"error\":\"no\",\"code\":\"unauthorized\"}");
    }

    private static string Answer(string status, string type, string body) =>
        $"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body}";
}
