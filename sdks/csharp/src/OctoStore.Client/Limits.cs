using System;

namespace OctoStore;

/// <summary>Limits of all attempts of a call together.</summary>
internal sealed record Limits
{
    public static readonly Limits None = new();

    /// <summary>When all attempts and pauses must have ended.</summary>
    public Instant? Deadline { get; init; }

    /// <summary>How many times it is sent, at most.</summary>
    public int AttemptsMax { get; init; } = int.MaxValue;

    public TimeSpan Left => Deadline?.FromNow() ?? TimeSpan.MaxValue;

    /// <summary>One short attempt, for what ends by itself anyway.</summary>
    public static Limits Brief(Clock clock) => new()
    {
        Deadline = clock.Now + TimeSpan.FromMilliseconds(Rules.CloseMsMaxWhenLost),
        AttemptsMax = 1,
    };
}
