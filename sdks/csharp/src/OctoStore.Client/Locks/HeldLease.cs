using System;
using System.Collections.Generic;

namespace OctoStore;

/// <summary>
/// What is known about the lease of a handle. Renewals and conversions update it. It does not refer to the handle.
/// </summary>
internal sealed class HeldLease
{
    private readonly object _gate = new();
    private State _state;

    /// <summary>Grows when a conversion begins and when it ends. A renewal during one may be out of date.</summary>
    private int _conversions;
    private Action<ReleaseRequest>? _tell;
    private ReleaseRequest? _told;

    public HeldLease(LeaseFacts lease)
    {
        LeaseId = lease.LeaseId;
        _state = new State(lease.Locks, lease.FencingToken, lease.Proof, lease.ReleaseRequested);
    }

    public string LeaseId { get; }

    public IReadOnlyList<LeaseLock> Locks => Current.Locks;

    public long FencingToken => Current.FencingToken;

    public string? Proof => Current.Proof;

    public ReleaseRequest? ReleaseRequested => Current.ReleaseRequested;

    /// <summary>For <see cref="Renewed"/>, before the renewal is sent.</summary>
    public int Conversions
    {
        get
        {
            lock (_gate) return _conversions;
        }
    }

    private State Current
    {
        get
        {
            lock (_gate) return _state;
        }
    }

    /// <summary>Takes over what a renewal says that was sent after so many conversions.</summary>
    public void Renewed(LeaseFacts lease, int conversions)
    {
        lock (_gate)
        {
            if (conversions == _conversions) Adopt(lease);
            _state = _state with { Proof = lease.Proof, ReleaseRequested = lease.ReleaseRequested };
        }
        TellOnce();
    }

    public void BeginConversion()
    {
        lock (_gate) _conversions++;
    }

    /// <summary>Takes over how the lease holds its locks now, or nothing if the conversion has failed.</summary>
    public void EndConversion(Lease? lease)
    {
        lock (_gate)
        {
            _conversions++;
            if (lease is not null) Adopt(lease);
        }
    }

    /// <summary>Calls a function once for each request to release.</summary>
    public void Listen(Action<ReleaseRequest> tell)
    {
        lock (_gate) _tell = tell;
        TellOnce();
    }

    private void Adopt(LeaseFacts lease) =>
        _state = _state with { Locks = lease.Locks, FencingToken = lease.FencingToken };

    private void TellOnce()
    {
        ReleaseRequest? request;
        Action<ReleaseRequest>? tell;
        lock (_gate)
        {
            (request, tell) = (_state.ReleaseRequested, _tell);
            if (request is null || tell is null || request == _told) return;
            _told = request;
        }
        tell(request);
    }

    private sealed record State(
        IReadOnlyList<LeaseLock> Locks, long FencingToken, string? Proof, ReleaseRequest? ReleaseRequested);
}
