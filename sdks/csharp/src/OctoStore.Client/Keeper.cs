using System;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>Something on the server that expires unless it is renewed: a lease or a session.</summary>
internal sealed record Renewable
{
    /// <summary>For messages, such as <c>the lock a/b</c>.</summary>
    public required string What { get; init; }

    public required TimeSpan Ttl { get; init; }

    /// <summary>When the request that granted it was sent.</summary>
    public required Instant ProvedAt { get; init; }

    /// <summary>Timeout of one attempt. It is less if the TTL is short.</summary>
    public required TimeSpan Timeout { get; init; }

    public required Servers Servers { get; init; }

    /// <summary>One attempt. Returns when it was sent; throws the not-found error if it no longer exists.</summary>
    public required Func<Sending, Task<Instant>> RenewAsync { get; init; }

    public required Clock Clock { get; init; }

    /// <summary>Tells the program's observer, without waiting for it. Null if there is none.</summary>
    public Action<HandleEventType, Exception?>? Tell { get; init; }

    /// <summary>The session that this belongs to and ends with.</summary>
    public Keeper? Within { get; init; }
}

/// <summary>
/// Renews a lease or session in the background, and signals its loss when it may have expired. It does not refer to its
/// handle, which can be forgotten.
/// </summary>
internal sealed class Keeper
{
    /// <summary>How often the clock is looked at, because timers may not count the time of a suspended machine.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Renewable _thing;
    private readonly TimeSpan _period;
    private readonly TimeSpan _margin;
    private readonly object _gate = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _over = new();
    private readonly ITimer _lossTimer;
    private readonly CancellationTokenRegistration _outerEnd;
    private readonly Task _keeping;
    private Instant _provedAt;

    public Keeper(Renewable thing)
    {
        _thing = thing;
        _period = thing.Ttl / Rules.RenewalsPerTtl;
        _margin = MarginOf(thing.Ttl);
        _provedAt = thing.ProvedAt;
        _lossTimer = thing.Clock.Timers.CreateTimer(
            _ => LoseOrWait(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        LoseOrWait();
        if (thing.Within is { } outer) _outerEnd = outer._over.Token.UnsafeRegister(_ => Lose(Loss.WithSession), null);
        _keeping = KeepAsync();
    }

    public Clock Clock => _thing.Clock;

    /// <summary>What it keeps, for messages.</summary>
    public string What => _thing.What;

    /// <summary>Cancelled when it is lost.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Cancelled when it is lost or stopped. Nothing happens in the background from then on.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>Checks the clock, so it is correct even if timers are late, as after the process was paused.</summary>
    public bool IsLost
    {
        get
        {
            LoseIfLate();
            return _lost.IsCancellationRequested;
        }
    }

    /// <summary>Why it is lost. Null as long as it is not.</summary>
    public Loss? Loss { get; private set; }

    /// <inheritdoc cref="IKeptHandle.LossError"/>
    public OctoStoreException? LossError
    {
        get
        {
            if (!IsLost || Loss is not { } loss) return null;
            return loss == Loss.WithSession && _thing.Within?.Loss is { Cause: { } cause } ? cause : loss.ErrorOf(What);
        }
    }

    /// <summary>Whether the server has reported that it has ended.</summary>
    public bool IsGone => Loss == Loss.WithSession ? _thing.Within is { IsGone: true } : Loss is { Cause: not null };

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

    /// <summary>
    /// Timeout of one attempt at a renewal. It is short, so that a server that hangs does not cost the lease.
    /// </summary>
    public static TimeSpan RenewalTimeoutOf(TimeSpan ttl, TimeSpan timeout) =>
        Spans.Min(timeout, ttl / Rules.RenewalTimeoutsPerTtl);

    /// <summary>Stops renewing. Completes when nothing happens in the background any more.</summary>
    public Task StopAsync()
    {
        lock (_gate) End();
        return _keeping;
    }

    /// <summary>The server has said that it has ended.</summary>
    public void LoseOnServer(OctoStoreNotFoundException error) => Lose(Loss.OnServer(error));

    /// <summary>Tells the program's observer.</summary>
    public void Tell(HandleEventType type, Exception? error = null) => _thing.Tell?.Invoke(type, error);

    /// <summary>
    /// Its handle was forgotten. Stops renewing, and signals the loss. Returns false if it was over already.
    /// </summary>
    public bool Abandon()
    {
        lock (_gate)
        {
            if (_over.IsCancellationRequested) return false;
            Lose(Loss.OfForgotten);
            return true;
        }
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
                await Clock.PauseUntilAsync(_provedAt + _period, _over.Token).ConfigureAwait(false);
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
        var route = new Route(_thing.Servers, Clock);
        while (true)
        {
            TimeSpan pause = _period;
            try
            {
                var sending = new Sending(route.Url, RenewalTimeoutOf(_thing.Ttl, _thing.Timeout), _over.Token);
                Prove(await _thing.RenewAsync(sending).ConfigureAwait(false));
                Tell(HandleEventType.Renewed);
                return;
            }
            catch (OctoStoreNotFoundException error)
            {
                LoseOnServer(error);
            }
            catch (Exception error) when (!_over.IsCancellationRequested)
            {
                // However it failed, the lease can still be renewed until it has expired.
                Tell(HandleEventType.RenewalFailed, error);
                pause = Spans.Min(_period, route.Next(error) ?? _period);
            }
            await Clock.PauseAsync(pause, _over.Token).ConfigureAwait(false);
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
            TimeSpan left = TimeSpan.FromMilliseconds(Math.Ceiling(LossAt.FromNow().TotalMilliseconds));
            _lossTimer.Change(Spans.Min(left, LookEvery), Timeout.InfiniteTimeSpan);
        }
    }

    private bool LoseIfLate()
    {
        bool isOuterOver = _thing.Within is { IsOver: true };
        lock (_gate)
        {
            bool isLate = !(Clock.Now < LossAt);
            if (isLate) Lose(Loss.ByTime);
            else if (isOuterOver) Lose(Loss.WithSession);
            return isLate || isOuterOver;
        }
    }

    private void Lose(Loss loss)
    {
        lock (_gate)
        {
            if (_over.IsCancellationRequested) return;
            Loss = loss;
            Tell(HandleEventType.Lost, loss.ErrorOf(What));
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
