using System;

namespace OctoStore;

/// <summary>What a lease is to be like, whatever it locks, and how long to wait for it.</summary>
public abstract class LeaseOptions
{
    private protected LeaseOptions()
    {
    }

    /// <summary>How long the lease lasts, in whole seconds, 1 to 3600; 60 by default.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromSeconds(Rules.TtlSecondsDefault);

    /// <summary>
    /// How long to wait in line if you cannot have the lock now. Zero by default, no upper limit;
    /// <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> waits forever.
    /// </summary>
    public TimeSpan Wait { get; init; }

    /// <summary>
    /// How long one request waits in line at most, in whole seconds, 1 to 60; the client's by default. The wait then goes on
    /// with another request.
    /// </summary>
    public TimeSpan? WaitSlice { get; init; }

    /// <summary>A note of at most 1024 bytes, shown to everyone who looks at the lock.</summary>
    public string? Metadata { get; init; }

    /// <summary>
    /// For how long no one gets the lock after its lease has expired or was broken, in whole seconds, 0 to 60; 0 by default.
    /// For exclusive locks only.
    /// </summary>
    public TimeSpan? LockDelay { get; init; }

    /// <summary>
    /// For how long after the grant no one else gets the lock, even if you release it sooner, in whole seconds, 0 to the
    /// TTL; 0 by default. For exclusive locks only.
    /// </summary>
    public TimeSpan? MinHold { get; init; }

    /// <summary>
    /// Whether you want a proof of the lease. Anyone can verify it with the server's public keys, without asking the server.
    /// </summary>
    public bool WantsProof { get; init; }
}
