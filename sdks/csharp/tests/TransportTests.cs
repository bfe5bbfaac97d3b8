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

    [Test]
    public async Task ErrorsOfTheNetworkNameTheServer()
    {
        using OctoStoreClient client = Client(TimeSpan.FromMilliseconds(100));
        var late = await Expect.ThrowsAsync<OctoStoreTimeoutException>(() => client.RotateTokenAsync());
        Expect.Equal($"no answer from http://{_listener.LocalEndpoint} within 100 ms", late.Message);
        using OctoStoreClient patient = Client(TimeSpan.FromSeconds(10));
        EndPoint server = _listener.LocalEndpoint;
        _listener.Stop();
        var error = await Expect.ThrowsAsync<OctoStoreNetworkException>(() => patient.RotateTokenAsync());
        Expect.True(error.Message.StartsWith($"the connection to http://{server} failed: "), error.Message);
    }

    [Test]
    public async Task RefusalsWithoutAHolderAreHeldErrors()
    {
        foreach (string code in new[] { "lock_queued", "lock_delayed", "limit_mismatch" })
        {
            using OctoStoreClient client = Client(TimeSpan.FromSeconds(10));
            Task answering = AnswerJsonAsync("409 Conflict", $$$"""
                {"error":"Not now.","code":"{{{code}}}","expires_at":"2030-01-01T00:00:00.000Z","holder_id":null,
                "metadata":null,"lock":{"name":"a","holder":null,"expires_at":"2030-01-01T00:00:00.000Z"}}
                """);
            var error = await Expect.ThrowsAsync<LockHeldException>(() => client.AcquireAsync("a"));
            Expect.Equal((code, "Not now.", "a", null), (error.Code, error.Message, error.Lock, error.Holder));
            await answering;
        }
    }

    [Test]
    public async Task ABrokenLeaseIsNotFoundAndSaysWhyIfTheServerDoes()
    {
        const string Why = ""","reason":"it hangs","broken_by":"ada","broken_at":"2030-01-01T00:00:00.000Z"}""";
        var said = await RefusedRenewalAsync($$"""{"error":"Over.","code":"lease_broken"{{Why}}""");
        Expect.Equal("it hangs", (said as LeaseBrokenException)?.Reason);
        var silent = await RefusedRenewalAsync("""{"error":"Over.","code":"lease_broken"}""");
        Expect.Equal("lease_broken", silent.Code);
    }

    [Test]
    public async Task AStatusCanBeDelayed()
    {
        using OctoStoreClient client = Client(TimeSpan.FromSeconds(10));
        Task answering = AnswerJsonAsync("200 OK", """
            {"status":"delayed","name":"a","fencing_token":7,"waiters":0,"available_at":"2030-01-01T00:00:00.000Z"}
            """);
        LockStatus status = await client.GetLockStatusAsync("a");
        Expect.True(status.Held is null, "no one holds it");
        Expect.Equal(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), status.AvailableAt);
        await answering;
    }

    [Test]
    public async Task ACallThatIsNotSafeIsRepeatedIfTheServerSaysThatNothingWasDone()
    {
        foreach (string code in new[] { "no_leader", "shutting_down" })
        {
            using OctoStoreClient client = Client(TimeSpan.FromSeconds(10));
            Task<string> rotation = client.RotateTokenAsync();
            await AnswerJsonAsync("503 Service Unavailable", $$"""{"error":"Later.","code":"{{code}}"}""");
            await AnswerJsonAsync("200 OK", """{"token":"another-token"}""");
            Expect.Equal("another-token", await rotation);
        }
    }

    private async Task<OctoStoreNotFoundException> RefusedRenewalAsync(string body)
    {
        using OctoStoreClient client = Client(TimeSpan.FromSeconds(10));
        Task answering = AnswerJsonAsync("410 Gone", body);
        var error = await Expect.ThrowsAsync<OctoStoreNotFoundException>(
            () => client.RenewAsync("a", "an-id", TimeSpan.FromSeconds(10)));
        await answering;
        return error;
    }

    private OctoStoreClient Client(TimeSpan timeout) => new(new OctoStoreClientOptions
    {
        BaseUrl = $"http://{_listener.LocalEndpoint}",
        Token = "a-token",
        Timeout = timeout,
    });

    private Task AnswerJsonAsync(string status, string body) =>
        AnswerAsync($"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}");

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
