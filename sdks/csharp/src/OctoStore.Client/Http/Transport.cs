using System;
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
    private readonly Clock _clock;
    private readonly bool _isForeign;
    private readonly HttpClient _http;
    private volatile bool _isDisposed;

    /// <param name="given">What sends the requests; our own by default.</param>
    /// <param name="clock">Times them.</param>
    public Transport(HttpMessageHandler? given, Clock clock)
    {
        if (given is not null) Handlers.Check(given);
        _clock = clock;
        _isForeign = given is not null;
        // Each attempt has its own timeout.
        _http = new HttpClient(given ?? Handlers.Own(), disposeHandler: !_isForeign) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Ends all requests. A handler of the program stays open.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _http.Dispose();
    }

    /// <summary>
    /// One attempt with a token. Returns the response, and when the request was sent; no lease in the response can have
    /// begun earlier.
    /// </summary>
    /// <exception cref="OctoStoreException">There was no complete response, or not in time.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<(Answer Answer, Instant SentAt)> ExchangeAsync(
        Request request, string? token, Sending sending)
    {
        using var attempt = new Attempt(sending, _clock);
        Instant sentAt = _clock.Now;
        try
        {
            using HttpRequestMessage message = MessageOf(request, sending.Server, token);
            using HttpResponseMessage response = await SendAsync(message, attempt).ConfigureAwait(false);
            return (await ReadAsync(response, attempt).ConfigureAwait(false), sentAt);
        }
        catch (Exception error) when (IsFailure(error))
        {
            throw FailureOf(error, attempt);
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
        using var attempt = new Attempt(sending, _clock);
        try
        {
            using HttpRequestMessage message = MessageOf(request, sending.Server, token);
            message.Headers.Accept.Clear();
            message.Headers.Accept.ParseAdd("text/event-stream");
            if (lastEventId is not null) message.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
            HttpResponseMessage response = await SendAsync(message, attempt).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.OK) return response;
            using (response) throw Answers.ErrorOf(await ReadAsync(response, attempt).ConfigureAwait(false));
        }
        catch (Exception error) when (IsFailure(error))
        {
            throw FailureOf(error, attempt);
        }
    }

    /// <summary>Whether this is an error of a connection.</summary>
    public bool IsFailure(Exception error) => Attempt.IsFailure(error, _isForeign);

    /// <summary>The client's error for such an error.</summary>
    public Exception FailureOf(Exception error, Attempt attempt) => attempt.FailureOf(error, _isDisposed);

    private static HttpRequestMessage MessageOf(Request request, string server, string? token)
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

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, Attempt attempt)
    {
        Uri? asked = message.RequestUri;
        HttpResponseMessage response = await _http
            .SendAsync(message, HttpCompletionOption.ResponseHeadersRead, attempt.Token)
            .ConfigureAwait(false);
        // A handler that follows redirects changes the message.
        if (message.RequestUri == asked) return response;
        using (response) throw Answers.Redirected(response.StatusCode);
    }

    private async Task<Answer> ReadAsync(HttpResponseMessage response, Attempt attempt)
    {
        byte[] body = await response.Content.ReadAsByteArrayAsync(attempt.Token).ConfigureAwait(false);
        return Answer.Of(response, body, _clock.Date);
    }
}
