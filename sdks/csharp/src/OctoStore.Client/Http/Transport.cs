using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>Sends single requests.</summary>
internal sealed class Transport : IDisposable
{
    private readonly HttpClient _http;

    public Transport()
    {
        var handler = new SocketsHttpHandler
        {
            // The token is for the client's servers only, not for one that they redirect to.
            AllowAutoRedirect = false,
            UseCookies = false,
            // So that the client notices a change of the server's address.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        // Each attempt has its own timeout.
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public void Dispose() => _http.Dispose();

    /// <summary>
    /// One attempt with a token. Returns the response, and when the request was sent; no lease in the response can have
    /// begun earlier.
    /// </summary>
    /// <exception cref="OctoStoreException">There was no complete response, or not in time.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<(Answer Answer, Instant SentAt)> ExchangeAsync(
        Request request, string? token, Sending sending)
    {
        (string server, TimeSpan timeout, CancellationToken cancel) = sending;
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        attempt.CancelAfter(timeout);
        Instant sentAt = Instant.Now;
        try
        {
            using HttpRequestMessage message = MessageOf(request, server, token);
            using HttpResponseMessage response = await _http.SendAsync(message, attempt.Token).ConfigureAwait(false);
            byte[] body = await response.Content.ReadAsByteArrayAsync(attempt.Token).ConfigureAwait(false);
            return (Answer.Of(response, body), sentAt);
        }
        catch (Exception error) when (IsFailure(error))
        {
            throw FailureOf(error, sending, attempt);
        }
    }

    /// <summary>
    /// Opens a stream and returns the head of a successful response. The timeout covers the time until then. The content is
    /// read afterwards.
    /// </summary>
    /// <exception cref="OctoStoreException">There was no such response, or not in time.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<HttpResponseMessage> OpenAsync(
        Request request, string? token, string? lastEventId, Sending sending)
    {
        (string server, TimeSpan timeout, CancellationToken cancel) = sending;
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        attempt.CancelAfter(timeout);
        try
        {
            using HttpRequestMessage message = MessageOf(request, server, token);
            message.Headers.Accept.Clear();
            message.Headers.Accept.ParseAdd("text/event-stream");
            if (lastEventId is not null) message.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
            HttpResponseMessage response = await _http
                .SendAsync(message, HttpCompletionOption.ResponseHeadersRead, attempt.Token)
                .ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.OK) return response;
            using (response)
            {
                byte[] body = await response.Content.ReadAsByteArrayAsync(attempt.Token).ConfigureAwait(false);
                throw Answers.ErrorOf(Answer.Of(response, body));
            }
        }
        catch (Exception error) when (IsFailure(error))
        {
            throw FailureOf(error, sending, attempt);
        }
    }

    /// <summary>Whether this is an error of a connection.</summary>
    public static bool IsFailure(Exception error) =>
        error is OperationCanceledException or HttpRequestException or IOException;

    /// <summary>The client's error for such an error.</summary>
    public static Exception FailureOf(Exception error, Sending sending, CancellationTokenSource attempt)
    {
        (string server, TimeSpan timeout, CancellationToken cancel) = sending;
        if (cancel.IsCancellationRequested) return new OperationCanceledException(cancel);
        if (attempt.IsCancellationRequested)
        {
            return new OctoStoreTimeoutException($"no answer from {server} within {timeout.TotalMilliseconds:F0} ms");
        }
        // Not by us: the client was disposed meanwhile.
        if (error is OperationCanceledException) return new ObjectDisposedException(nameof(OctoStoreClient));
        return NetworkErrorOf(error, server);
    }

    private static OctoStoreNetworkException NetworkErrorOf(Exception error, string server)
    {
        HttpRequestError? kind = error switch
        {
            HttpRequestException one => one.HttpRequestError,
            HttpIOException one => one.HttpRequestError,
            _ => null,
        };
        if (kind == HttpRequestError.InvalidResponse)
        {
            // The error itself quotes the received data, which could be anything.
            return new OctoStoreNetworkException($"the connection to {server} failed: what came is no HTTP", wasSent: true);
        }
        bool wasSent = kind
            is not (HttpRequestError.ConnectionError
                or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError
                or HttpRequestError.ProxyTunnelError);
        return new OctoStoreNetworkException($"the connection to {server} failed: {error.Message}", wasSent, error);
    }

    private HttpRequestMessage MessageOf(Request request, string server, string? token)
    {
        // The path is already encoded, and nothing on the way may decode it.
        var raw = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var message = new HttpRequestMessage(request.Method, new Uri(server + request.Path, raw));
        message.Headers.Accept.ParseAdd("application/json");
        message.Headers.UserAgent.ParseAdd(ClientVersion.UserAgent);
        if (token is not null) message.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        message.Content = ContentOf(request);
        return message;
    }

    /// <summary>
    /// The body, or an empty one. If the connection breaks, .NET itself would resend a request without a body, without
    /// knowing whether that is safe.
    /// </summary>
    private static HttpContent ContentOf(Request request)
    {
        if (request.Body is not { } body) return new ByteArrayContent([]);
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString()));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }
}
