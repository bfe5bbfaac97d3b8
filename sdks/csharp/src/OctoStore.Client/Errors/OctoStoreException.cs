using System;
using System.Net;

namespace OctoStore;

/// <summary>
/// Base class of all errors of this library, apart from <see cref="OperationCanceledException"/> when you cancel, and
/// <see cref="ArgumentNullException"/>. Each has a public constructor, for tests of programs.
/// </summary>
public abstract class OctoStoreException : Exception
{
    private protected OctoStoreException(string message, Exception? cause)
        : base(message, cause)
    {
    }

    private protected OctoStoreException(string message, ErrorFacts? facts, Exception? cause)
        : base(message, cause)
    {
        Code = facts?.Code;
        StatusCode = facts?.StatusCode;
        RequestId = facts?.RequestId;
        RetryAfter = facts?.RetryAfter;
    }

    /// <summary>The server's stable code, such as <c>lock_not_found</c>.</summary>
    public string? Code { get; init; }

    /// <summary>The HTTP status, if there was a response.</summary>
    public HttpStatusCode? StatusCode { get; init; }

    /// <summary>Identifies the request in the server's log.</summary>
    public string? RequestId { get; init; }

    /// <summary>How long the server asks you to wait before you try again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the same request may well succeed a moment later.</summary>
    internal virtual bool IsTransient => false;

    /// <summary>Whether the server may have done it without our knowing.</summary>
    internal virtual bool LeavesOutcomeUnknown => false;

    /// <summary>Whether another server may well answer the same request properly.</summary>
    internal virtual bool IsFaultOfServer => false;

    /// <summary>Whether it is certain that the server has not begun with the request.</summary>
    internal virtual bool WasWithoutEffect => false;

    /// <summary>Whether retrying cannot help.</summary>
    internal virtual bool IsFinal => false;
}
