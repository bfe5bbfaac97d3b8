using System;
using System.Globalization;
using System.Linq;
using System.Net;

namespace OctoStore;

/// <summary>Interprets responses.</summary>
internal static class Answers
{
    private const string NotUnderstood = "the answer of the server cannot be understood";

    /// <summary>Reads a successful response with <paramref name="read"/>.</summary>
    /// <exception cref="OctoStoreException">The response is not successful, or cannot be read.</exception>
    public static T ResultOf<T>(Answer answer, Func<string, T> read)
    {
        if ((int)answer.Status is < 200 or > 299) throw ErrorOf(answer);
        try
        {
            return read(answer.Text);
        }
        catch (FormatException cause)
        {
            throw new OctoStoreServerException(NotUnderstood, new ErrorFacts(answer.Status, null, null, null), cause);
        }
    }

    /// <summary>
    /// The error for an unsuccessful response. Its message quotes only JSON errors: a proxy's error page could contain
    /// anything.
    /// </summary>
    public static OctoStoreException ErrorOf(Answer answer)
    {
        Fields? body = Fields.TryParse(answer.Text);
        var facts = new ErrorFacts(
            answer.Status,
            body?.TextOrNull("code"),
            body?.TextOrNull("request_id") ?? answer.RequestId,
            MillisecondsOf(body) ?? answer.RetryAfter);
        string?[] sentences = [body?.TextOrNull("error"), body?.TextOrNull("details")];
        string message = string.Join(' ', sentences.OfType<string>());
        if (message.Length == 0) message = $"the server answered with status {(int)answer.Status}";
        return body is null ? ErrorOf(message, facts) : ErrorOf(message, facts, body);
    }

    /// <summary>The error for a response that is not from the server that was asked.</summary>
    public static OctoStoreServerException Redirected(HttpStatusCode status) => new(
        "the HttpMessageHandler of the program has followed a redirect, so the answer may be from another server",
        new ErrorFacts(status, null, null, null));

    private static bool IsConflict(string? code) =>
        code is "lock_held" or "lock_queued" or "lock_delayed" or "limit_mismatch";

    /// <summary>Reads a response without a body.</summary>
    public static Nothing ReadNothing(string text) =>
        text.Length == 0 ? default(Nothing) : throw new FormatException("an answer that should be empty");

    private static OctoStoreException ErrorOf(string message, ErrorFacts facts, Fields body)
    {
        try
        {
            return (int)facts.StatusCode switch
            {
                409 when IsConflict(facts.Code) => HeldError(message, facts, body),
                409 when facts.Code == "stale_fencing_token" => StaleError(message, facts, body),
                // Without the reason, the lease is gone all the same.
                410 when facts.Code == "lease_broken" && body.Has("reason") => BrokenError(message, facts, body),
                _ => ErrorOf(message, facts),
            };
        }
        catch (FormatException cause)
        {
            return new OctoStoreServerException(NotUnderstood, facts, cause);
        }
    }

    private static OctoStoreException ErrorOf(string message, ErrorFacts facts) => (int)facts.StatusCode switch
    {
        401 => new OctoStoreAuthenticationException(message, facts),
        400 or 413 or 414 or 415 or 422 or 431 => new OctoStoreValidationException(message, facts),
        // One lease id for several leases.
        409 when facts.Code is "lease_mismatch" or "ambiguous_lease_id" => new OctoStoreValidationException(message, facts),
        404 or 410 => new OctoStoreNotFoundException(message, facts),
        429 => new OctoStoreLimitException(message, facts),
        403 when facts.Code?.EndsWith("_limit_exceeded", StringComparison.Ordinal) == true =>
            new OctoStoreLimitException(message, facts),
        403 => new OctoStorePermissionException(message, facts),
        502 or 503 or 504 => new OctoStoreUnavailableException(message, facts),
        _ => new OctoStoreServerException(message, facts),
    };

    private static LockHeldException HeldError(string message, ErrorFacts facts, Fields body)
    {
        string name = body.Object("lock").Text("name");
        string? holder = body.Object("lock").TextOrNull("holder");
        DateTimeOffset expiresAt = body.Date("expires_at");
        bool isHeld = facts.Code == "lock_held" && holder is not null;
        return new LockHeldException(isHeld ? HeldBy(name, holder!, expiresAt) : message, facts)
        {
            Lock = name,
            Holder = holder,
            HolderId = body.TextOrNull("holder_id"),
            ExpiresAt = expiresAt,
            Metadata = body.TextOrNull("metadata"),
            Limit = (int?)body.NumberOrNull("limit"),
            Position = (int?)body.NumberOrNull("position"),
            Waiters = (int?)body.NumberOrNull("waiters"),
        };
    }

    private static StaleFencingTokenException StaleError(string message, ErrorFacts facts, Fields body) =>
        new(message, facts) { Highest = body.Number("highest") };

    private static LeaseBrokenException BrokenError(string message, ErrorFacts facts, Fields body) => new(message, facts)
    {
        Reason = body.Text("reason"),
        BrokenBy = body.Text("broken_by"),
        BrokenAt = body.Date("broken_at"),
    };

    private static string HeldBy(string name, string holder, DateTimeOffset expiresAt)
    {
        string end = expiresAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return $"The lock \"{name}\" is held by {holder} (until {end}).";
    }

    private static TimeSpan? MillisecondsOf(Fields? body) =>
        body?.NumberOrNull("retry_after_ms") is { } ms and >= 0 and <= int.MaxValue ? TimeSpan.FromMilliseconds(ms) : null;
}
