using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;

namespace OctoStore.Tests;

/// <summary>What a server says that is none of ours.</summary>
internal sealed class TransportTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public TransportTests()
    {
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    [Test]
    public async Task AnAnswerThatIsNoHttpIsNotQuoted()
    {
        using OctoStoreClient client = Client(TimeSpan.FromSeconds(10));
        Task answering = AnswerAsync("a secret page\r\n\r\n");
        var error = await Expect.ThrowsAsync<OctoStoreNetworkException>(() => client.RotateTokenAsync());
        Expect.True(error.WasSent && !error.ToString().Contains("secret page"), "the answer is not quoted");
        await answering;
    }

    [Test]
    public async Task ABodyThatIsNoJsonIsNotQuoted()
    {
        using OctoStoreClient client = Client(TimeSpan.FromSeconds(10));
        Task answering = AnswerAsync("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 11\r\n\r\nsecret page");
        var error = await Expect.ThrowsAsync<OctoStoreServerException>(() => client.RotateTokenAsync());
        Expect.True(!error.ToString().Contains("secret"), "the answer is not quoted");
        await answering;
    }

    [Test]
    public async Task TheTimeOutCoversTheWholeAnswer()
    {
        using OctoStoreClient client = Client(TimeSpan.FromMilliseconds(300));
        Task answering = AnswerAsync("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nsec");
        await Expect.ThrowsAsync<OctoStoreTimeoutException>(() => client.RotateTokenAsync());
        await answering;
    }

    [Test]
    public async Task WithoutAConnectionNothingWasSent()
    {
        using OctoStoreClient client = Client(TimeSpan.FromSeconds(10));
        _listener.Stop();
        var error = await Expect.ThrowsAsync<OctoStoreNetworkException>(() => client.RotateTokenAsync());
        Expect.True(!error.WasSent, "nothing was sent");
    }

    private OctoStoreClient Client(TimeSpan timeout) => new(new OctoStoreClientOptions
    {
        BaseUrl = $"http://{_listener.LocalEndpoint}",
        Token = "a-token",
        Timeout = timeout,
    });

    /// <summary>Answers one request, and keeps the connection until the client closes it.</summary>
    private async Task AnswerAsync(string answer)
    {
        using TcpClient connection = await _listener.AcceptTcpClientAsync();
        NetworkStream stream = connection.GetStream();
        using var lines = new StreamReader(stream);
        while (await lines.ReadLineAsync() is { Length: > 0 }) continue;
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
        // The client may close it in whatever way.
        await ((Task)lines.ReadToEndAsync()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
