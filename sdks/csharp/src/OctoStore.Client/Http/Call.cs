using System;

namespace OctoStore;

/// <summary>A request to the server, with as many attempts as it needs and as are safe.</summary>
/// <param name="Request">Creates the request for each attempt.</param>
/// <param name="Read">Reads the body of a successful response; throws <see cref="FormatException"/> if it cannot.</param>
internal sealed record Call<T>(Func<Request> Request, Func<string, T> Read)
{
    /// <summary>Whether it is harmless if the server does this twice.</summary>
    public bool IsSafe { get; init; } = true;

    /// <summary>
    /// For calls that remove something: the result if it is gone after an attempt with an unknown outcome, because that
    /// attempt did it.
    /// </summary>
    public Func<T>? IfGone { get; init; }

    /// <summary>Whether it needs no token.</summary>
    public bool IsPublic { get; init; }

    public Outcome Outcome { get; init; } = new();

    public Limits Limits { get; init; } = Limits.None;

    /// <summary>Until when it goes on after failures, however many there are. An acquire that waits has this.</summary>
    public Instant? PatientUntil { get; init; }
}

/// <summary>The result of a call.</summary>
/// <param name="Value">What the server says.</param>
/// <param name="SentAt">When the successful attempt was sent.</param>
internal readonly record struct Result<T>(T Value, Instant SentAt);

/// <summary>Whether an attempt may have taken effect without our knowing.</summary>
internal sealed class Outcome
{
    public bool IsUnknown { get; set; }
}

/// <summary>The result of a call without a value.</summary>
internal readonly record struct Nothing;
