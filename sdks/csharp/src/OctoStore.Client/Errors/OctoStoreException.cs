using System;
using System.Net;

namespace OctoStore;

/// <summary>
/// Everything that this library throws, apart from <see cref="OperationCanceledException"/> when the caller has
/// cancelled, and from <see cref="ArgumentNullException"/>.
/// </summary>
public abstract class OctoStoreException : Exception
{
    private protected OctoStoreException(string message, ErrorFacts? facts, Exception? cause)
        : base(message, cause)
    {
        Code = facts?.Code;
        StatusCode = facts?.StatusCode;
        RequestId = facts?.RequestId;
        RetryAfter = facts?.RetryAfter;
    }

    /// <summary>The server's stable code, such as <c>lock_not_found</c>.</summary>
    public string? Code { get; }

    /// <summary>The HTTP status, if there was an answer.</summary>
    public HttpStatusCode? StatusCode { get; }

    /// <summary>Finds the request in the server's log.</summary>
    public string? RequestId { get; }

    /// <summary>The time after which the server said it makes sense to try again.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Whether the same thing may well succeed some moments later.</summary>
    internal virtual bool IsTransient => false;

    /// <summary>Whether the server may have done what was asked without our knowing.</summary>
    internal virtual bool LeavesOutcomeUnknown => false;

    /// <summary>Whether no later attempt can succeed either.</summary>
    internal virtual bool IsFinal => false;
}
