using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;

namespace OctoStore;

/// <summary>A complete response.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Text">Body.</param>
/// <param name="RequestId">From the header.</param>
/// <param name="RetryAfter">From the header, which holds seconds or a date.</param>
internal sealed record Answer(HttpStatusCode Status, string Text, string? RequestId, TimeSpan? RetryAfter)
{
    public static Answer Of(HttpResponseMessage response, byte[] body, DateTimeOffset now)
    {
        string? requestId = response.Headers.TryGetValues("x-request-id", out var values) ? values.First() : null;
        return new Answer(response.StatusCode, Encoding.UTF8.GetString(body), requestId, RetryAfterOf(response, now));
    }

    private static TimeSpan? RetryAfterOf(HttpResponseMessage response, DateTimeOffset now)
    {
        if (response.Headers.RetryAfter is not { } value) return null;
        return value.Delta ?? Spans.Max(TimeSpan.Zero, value.Date!.Value - now);
    }
}
