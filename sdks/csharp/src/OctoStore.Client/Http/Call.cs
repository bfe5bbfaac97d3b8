using System;

namespace OctoStore;

/// <summary>Something asked of the server, in as many attempts as it takes and as are safe.</summary>
/// <param name="Request">Makes what is sent, anew for each attempt.</param>
/// <param name="Read">Reads the body of a success; throws <see cref="FormatException"/> if it cannot be understood.</param>
internal sealed record Call<T>(Func<Request> Request, Func<string, T> Read)
{
    /// <summary>Whether it does no harm if the server does it twice.</summary>
    public bool IsSafe { get; init; } = true;

    /// <summary>
    /// For what makes something go away: what comes of it if that is gone after an attempt of unknown outcome, which did
    /// it then.
    /// </summary>
    public Func<T>? IfGone { get; init; }

    public Outcome Outcome { get; init; } = new();
}

/// <summary>What comes of a call.</summary>
/// <param name="Value">What the server says.</param>
/// <param name="SentAt">When the attempt that was answered was sent.</param>
internal readonly record struct Result<T>(T Value, Instant SentAt);

/// <summary>Whether an attempt may have taken effect without our knowing.</summary>
internal sealed class Outcome
{
    public bool IsUnknown { get; set; }
}

/// <summary>What comes of a call that only does something.</summary>
internal readonly record struct Nothing;
