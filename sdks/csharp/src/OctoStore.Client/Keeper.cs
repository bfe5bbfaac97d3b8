using System;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>Something on the server that expires unless it is renewed: a lease or a session.</summary>
internal sealed record Renewable
{
    public required TimeSpan Ttl { get; init; }

    /// <summary>When the request that granted it was sent.</summary>
    public required Instant ProvedAt { get; init; }

    /// <summary>Timeout of one attempt.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>One attempt. Returns when it was sent; throws the not-found error if it no longer exists.</summary>
    public required Func<CancellationToken, Task<Instant>> RenewAsync { get; init; }

    /// <summary>The session that this belongs to and ends with.</summary>
    public Keeper? Within { get; init; }
}

/// <summary>Renews a lease or session in the background, and signals its loss when it may have expired.</summary>
internal sealed class Keeper
{
    private readonly Renewable _thing;
    private readonly TimeSpan _period;
    private readonly TimeSpan _margin;
    private readonly object _gate = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _over = new();
    private readonly Timer _lossTimer;
    private readonly CancellationTokenRegistration _outerEnd;
    private readonly Task _keeping;
    private Instant _provedAt;

    public Keeper(Renewable thing)
    {
        _thing = thing;
        _period = thing.Ttl / Rules.RenewalsPerTtl;
        _margin = MarginOf(thing.Ttl);
        _provedAt = thing.ProvedAt;
        _lossTimer = new Timer(_ => LoseOrWait());
        LoseOrWait();
        if (thing.Within is { } outer) _outerEnd = outer._over.Token.UnsafeRegister(_ => Lose(), null);
        _keeping = Task.Run(KeepAsync);
    }

    /// <summary>Cancelled when it is lost.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Checks the clock, so it is correct even if timers are late, as after the process was paused.</summary>
    public bool IsLost
    {
        get
        {
            LoseIfLate();
            return _lost.IsCancellationRequested;
        }
    }

    /// <summary>Whether the server has reported that it has ended.</summary>
    public bool IsGone { get; private set; }

    /// <summary>How long it is certain to live. Zero once it is lost.</summary>
    public TimeSpan Remaining
    {
        get
        {
            if (IsLost) return TimeSpan.Zero;
            lock (_gate)
            {
                TimeSpan own = (_provedAt + _thing.Ttl).FromNow();
                return _thing.Within is { } outer ? Spans.Min(own, outer.Remaining) : own;
            }
        }
    }

    private bool IsOver => IsLost || _over.IsCancellationRequested;

    private Instant LossAt => _provedAt + (_thing.Ttl - _margin);

    /// <summary>Stops renewing. Completes when nothing happens in the background any more.</summary>
    public Task StopAsync()
    {
        lock (_gate) End();
        return _keeping;
    }

    /// <summary>How long before its TTL ends a lease or session counts as lost.</summary>
    private static TimeSpan MarginOf(TimeSpan ttl) => TimeSpan.FromMilliseconds(
        Math.Clamp(ttl.TotalMilliseconds * Rules.MarginFraction, Rules.MarginMsMin, Rules.MarginMsMax));

    private async Task KeepAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay((_provedAt + _period).FromNow(), _over.Token).ConfigureAwait(false);
                await RenewAsync().ConfigureAwait(false);
            }
        }
        catch (Exception) when (_over.IsCancellationRequested)
        {
            // It is lost or closed.
        }
    }

    private async Task RenewAsync()
    {
        for (int failures = 1; ; failures++)
        {
            TimeSpan? retryAfter = null;
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(_over.Token);
            attempt.CancelAfter(Spans.Min(_thing.Timeout, _period));
            try
            {
                Prove(await _thing.RenewAsync(attempt.Token).ConfigureAwait(false));
                return;
            }
            catch (OctoStoreNotFoundException)
            {
                Lose(isGone: true);
            }
            catch (Exception error) when (!_over.IsCancellationRequested)
            {
                // However it failed, the lease can still be renewed until it has expired.
                retryAfter = (error as OctoStoreException)?.RetryAfter;
            }
            TimeSpan pause = Spans.Min(_period, Backoff.Delay(failures, retryAfter));
            await Task.Delay(pause, _over.Token).ConfigureAwait(false);
        }
    }

    private void Prove(Instant sentAt)
    {
        lock (_gate)
        {
            if (sentAt > _provedAt) _provedAt = sentAt;
        }
        LoseOrWait();
    }

    private void LoseOrWait()
    {
        lock (_gate)
        {
            if (LoseIfLate() || _over.IsCancellationRequested) return;
            // Rounded up, because a timer that fires early would have to be set again.
            _lossTimer.Change((long)Math.Ceiling(LossAt.FromNow().TotalMilliseconds), Timeout.Infinite);
        }
    }

    private bool LoseIfLate()
    {
        bool isOuterOver = _thing.Within is { IsOver: true };
        lock (_gate)
        {
            bool isLate = isOuterOver || LossAt < Instant.Now;
            if (isLate) Lose();
            return isLate;
        }
    }

    private void Lose(bool isGone = false)
    {
        lock (_gate)
        {
            if (_over.IsCancellationRequested) return;
            IsGone = isGone;
            // In the background, because listeners may take a while. The token itself is cancelled immediately.
            _ = _lost.CancelAsync();
            End();
        }
    }

    private void End()
    {
        _ = _over.CancelAsync();
        _lossTimer.Dispose();
        _outerEnd.Unregister();
    }
}
