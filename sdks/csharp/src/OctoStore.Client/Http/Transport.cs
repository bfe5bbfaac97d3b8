using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>Sends single requests to one server.</summary>
internal sealed class Transport : IDisposable
{
    private readonly HttpClient _http;

    public Transport(string baseUrl)
    {
        BaseUrl = baseUrl;
        var handler = new SocketsHttpHandler
        {
            // The token is for this server and for none that it might name.
            AllowAutoRedirect = false,
            UseCookies = false,
            // So that a change of the server's address is seen.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        // Each attempt has its own time-out.
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public string BaseUrl { get; }

    public void Dispose() => _http.Dispose();

    /// <summary>
    /// One attempt with a token. Gives the answer, and when its request was sent: no lease of which it speaks can be older.
    /// </summary>
    /// <exception cref="OctoStoreException">There was no whole answer, or not in time.</exception>
    /// <exception cref="OperationCanceledException">The caller has cancelled.</exception>
    public async Task<(Answer Answer, Instant SentAt)> ExchangeAsync(
        Request request, string? token, TimeSpan timeout, CancellationToken cancel)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        attempt.CancelAfter(timeout);
        Instant sentAt = Instant.Now;
        try
        {
            using HttpRequestMessage message = MessageOf(request, token);
            using HttpResponseMessage response = await _http.SendAsync(message, attempt.Token).ConfigureAwait(false);
            byte[] body = await response.Content.ReadAsByteArrayAsync(attempt.Token).ConfigureAwait(false);
            return (Answer.Of(response, body), sentAt);
        }
        catch (Exception error) when (IsFailure(error))
        {
            throw FailureOf(error, attempt, cancel);
        }
    }

    /// <summary>
    /// Opens a stream: gives the head of a success, up to which the time-out counts. What follows is read with its content.
    /// </summary>
    /// <exception cref="OctoStoreException">There was no such answer, or not in time.</exception>
    /// <exception cref="OperationCanceledException">The caller has cancelled.</exception>
    public async Task<HttpResponseMessage> OpenAsync(
        Request request, string? token, string? lastEventId, TimeSpan timeout, CancellationToken cancel)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        attempt.CancelAfter(timeout);
        try
        {
            using HttpRequestMessage message = MessageOf(request, token);
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
            throw FailureOf(error, attempt, cancel);
        }
    }

    /// <summary>Whether an error is one of those that a connection can have.</summary>
    public static bool IsFailure(Exception error) =>
        error is OperationCanceledException or HttpRequestException or IOException;

    /// <summary>What such an error means.</summary>
    public static Exception FailureOf(Exception error, CancellationTokenSource attempt, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested) return new OperationCanceledException(cancel);
        if (attempt.IsCancellationRequested) return new OctoStoreTimeoutException("no answer within the time-out");
        // Not by us: the client was disposed meanwhile.
        if (error is OperationCanceledException) return new ObjectDisposedException(nameof(OctoStoreClient));
        return NetworkErrorOf(error);
    }

    private static OctoStoreNetworkException NetworkErrorOf(Exception error)
    {
        HttpRequestError? kind = error switch
        {
            HttpRequestException one => one.HttpRequestError,
            HttpIOException one => one.HttpRequestError,
            _ => null,
        };
        if (kind == HttpRequestError.InvalidResponse)
        {
            // The error itself quotes what came, which may be anything.
            return new OctoStoreNetworkException("the connection failed: what came is no HTTP", wasSent: true);
        }
        bool wasSent = kind
            is not (HttpRequestError.ConnectionError
                or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError
                or HttpRequestError.ProxyTunnelError);
        return new OctoStoreNetworkException($"the connection failed: {error.Message}", wasSent, error);
    }

    private HttpRequestMessage MessageOf(Request request, string? token)
    {
        // What is in the path has been encoded, and must not be understood by anybody on the way.
        var raw = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var message = new HttpRequestMessage(request.Method, new Uri(BaseUrl + request.Path, raw));
        message.Headers.Accept.ParseAdd("application/json");
        if (token is not null) message.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        message.Content = ContentOf(request);
        return message;
    }

    /// <summary>
    /// The body, or an empty one. A request without any would be sent once more by .NET itself when the connection breaks,
    /// behind the back of those who know whether it is safe.
    /// </summary>
    private static HttpContent ContentOf(Request request)
    {
        if (request.Body is not { } body) return new ByteArrayContent([]);
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString()));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }
}
