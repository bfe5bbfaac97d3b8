using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using OctoStore.Testing;

namespace OctoStore.Tests;

/// <summary>The OctoStore in memory, and with it what takes time in the real one.</summary>
internal sealed class FakeTests
{
    private const string Name = "billing/nightly";

    private readonly FakeOctoStore _fake = new();
    private readonly OctoStoreClient _ada;
    private readonly OctoStoreClient _bob;

    public FakeTests()
    {
        _ada = _fake.NewClient("ada");
        _bob = _fake.NewClient("bob");
    }

    [Test]
    public async Task ALockOfSomeoneElseIsRefusedWithItsHolderAndItsEnd()
    {
        await _ada.AcquireAsync(Name, new AcquireOptions { Ttl = TimeSpan.FromSeconds(30), Metadata = "a note" });
        var error = await Expect.ThrowsAsync<LockHeldException>(() => _bob.AcquireAsync(Name));
        Expect.Equal(("lock_held", Name, "ada", "a note"), (error.Code, error.Lock, error.Holder, error.Metadata));
        Expect.Equal(_fake.Clock.GetUtcNow() + TimeSpan.FromSeconds(30), error.ExpiresAt);
    }

    [Test]
    public async Task FencingTokensOnlyEverIncrease()
    {
        var tokens = new List<long>();
        for (int i = 0; i < 3; i++)
        {
            await using LockHandle held = await _ada.HoldAsync(i == 1 ? "another" : Name);
            tokens.Add(held.FencingToken);
        }
        Expect.True(tokens[0] < tokens[1] && tokens[1] < tokens[2], string.Join(", ", tokens));
    }

    [Test]
    public async Task AHandleIsRenewedWhileTheClockMoves()
    {
        await using LockHandle held = await _ada.HoldAsync(Name, new HoldOptions { Ttl = TimeSpan.FromSeconds(30) });
        _fake.Clock.Advance(TimeSpan.FromMinutes(10));
        Expect.True(!held.IsLost, "it is renewed");
        Expect.Equal(60, _fake.Requests.Count(request => request.EndsWith("/renew", StringComparison.Ordinal)));
        Expect.Equal("ada", (await _bob.GetLockStatusAsync(Name)).Held?.Holder);
    }

    [Test]
    public async Task ALockIsLostBeforeSomeoneElseCanHaveIt()
    {
        LockHandle held = await _ada.HoldAsync(Name, new HoldOptions { Ttl = TimeSpan.FromSeconds(30) });
        _fake.IsDown = true;
        _fake.Clock.Advance(TimeSpan.FromSeconds(26));
        Expect.True(!held.IsLost && held.Remaining == TimeSpan.FromSeconds(4), $"{held}");
        _fake.Clock.Advance(TimeSpan.FromSeconds(1));
        Expect.True(held.IsLost && held.LossError is OctoStoreLossException, $"{held}");
        _fake.IsDown = false;
        await Expect.ThrowsAsync<LockHeldException>(() => _bob.AcquireAsync(Name));
        _fake.Clock.Advance(TimeSpan.FromSeconds(3));
        await _bob.AcquireAsync(Name);
    }

    [Test]
    public async Task ThoseInLineGetTheLockInTheOrderOfTheirArrival()
    {
        LockHandle held = await _ada.HoldAsync(Name);
        var wait = new HoldOptions { Wait = TimeSpan.FromMinutes(5) };
        Task<LockHandle> first = _bob.HoldAsync(Name, wait);
        Task<LockHandle> second = _fake.NewClient("cleo").HoldAsync(Name, wait);
        // Longer than a slice: each asks again, and keeps its place.
        _fake.Clock.Advance(TimeSpan.FromSeconds(90));
        LockQueue queue = await _bob.GetQueueAsync(Name);
        Expect.Equal("bob cleo", string.Join(' ', queue.Places.Select(place => place.Holder)));
        await held.DisposeAsync();
        await using (await first) Expect.True(!second.IsCompleted, "the second one waits");
        await (await second).DisposeAsync();
    }

    [Test]
    public async Task AWaitEndsWithItsPlaceInLine()
    {
        await _ada.HoldAsync(Name);
        Task<Lease> waiting = _bob.AcquireAsync(Name, new AcquireOptions { Wait = TimeSpan.FromSeconds(40) });
        _fake.Clock.Advance(TimeSpan.FromSeconds(41));
        var error = await Expect.ThrowsAsync<LockHeldException>(() => waiting);
        Expect.Equal(1, error.Position);
    }

    [Test]
    public async Task CancellingAWaitLeavesTheLine()
    {
        await _ada.HoldAsync(Name);
        using var caller = new CancellationTokenSource();
        Task<LockHandle> waiting = _bob.HoldAsync(Name, new HoldOptions { Wait = Timeout.InfiniteTimeSpan }, caller.Token);
        Expect.Equal(1, (await _ada.GetLockStatusAsync(Name)).Waiters);
        await caller.CancelAsync();
        await Expect.ThrowsAsync<OperationCanceledException>(() => waiting);
        Expect.Equal(0, (await _ada.GetLockStatusAsync(Name)).Waiters);
    }

    [Test]
    public async Task ReadersShareALockAndAWriterWaitsForThem()
    {
        var reading = new HoldOptions { Mode = LockMode.Shared };
        LockHandle one = await _ada.HoldAsync(Name, reading);
        LockHandle other = await _bob.HoldAsync(Name, reading);
        Expect.Equal(2, (await _ada.GetLockStatusAsync(Name)).HolderCount);
        Task<LockHandle> writer = _ada.HoldAsync(Name, new HoldOptions { Wait = TimeSpan.FromMinutes(1) });
        var error = await Expect.ThrowsAsync<LockHeldException>(() => _bob.HoldAsync(Name, reading));
        Expect.Equal(("lock_queued", null), (error.Code, error.Holder));
        await one.DisposeAsync();
        Expect.True(!writer.IsCompleted, "there is still a reader");
        await other.DisposeAsync();
        await using LockHandle held = await writer;
        Expect.Equal(LockMode.Exclusive, held.Locks[0].Mode);
    }

    [Test]
    public async Task LeasesOfACountedLockShareItsPermits()
    {
        await using LockHandle two = await _ada.HoldAsync(Name, new HoldOptions { Limit = 3, Permits = 2 });
        await using LockHandle one = await _bob.HoldAsync(Name, new HoldOptions { Limit = 3 });
        Expect.Equal("0 1 2", string.Join(' ', two.Slots.Concat(one.Slots)));
        Expect.Equal(3, (await _ada.GetLockStatusAsync(Name)).PermitsInUse);
        await Expect.ThrowsAsync<LockHeldException>(() => _ada.HoldAsync(Name, new HoldOptions { Limit = 3 }));
        var error = await Expect.ThrowsAsync<LockHeldException>(() => _ada.HoldAsync(Name, new HoldOptions { Limit = 4 }));
        Expect.Equal(("limit_mismatch", 3), (error.Code, error.Limit));
    }

    [Test]
    public async Task SeveralLocksAreHeldTogetherOrNotAtAll()
    {
        await using (LockHandle held = await _ada.HoldAllAsync(["a", new WantedLock("b") { Mode = LockMode.Shared }]))
        {
            Expect.Equal("a Exclusive, b Shared", string.Join(", ", held.Locks.Select(one => $"{one.Name} {one.Mode}")));
            var error = await Expect.ThrowsAsync<LockHeldException>(() => _bob.HoldAllAsync(["c", "b"]));
            Expect.Equal("b", error.Lock);
            Expect.True((await _bob.GetLockStatusAsync("c")).Held is null, "it has none");
            _fake.Clock.Advance(TimeSpan.FromMinutes(5));
            Expect.True(!held.IsLost, "it is renewed");
        }
        await _bob.WithLocksAsync(["c", "b"], null, (both, _) => Task.FromResult(both.Locks.Count));
    }

    [Test]
    public async Task ALockIsKeptForItsMinimumHoldAndItsDelay()
    {
        var keeping = new HoldOptions { MinHold = TimeSpan.FromSeconds(30), LockDelay = TimeSpan.FromSeconds(5) };
        await (await _ada.HoldAsync(Name, keeping)).DisposeAsync();
        Expect.True((await _ada.GetLockStatusAsync(Name)).AvailableAt is not null, "it is kept from everyone");
        Task<LockHandle> waiting = _bob.HoldAsync(Name, new HoldOptions { Wait = TimeSpan.FromMinutes(1) });
        _fake.Clock.Advance(TimeSpan.FromSeconds(29));
        Expect.True(!waiting.IsCompleted, "its minimum hold is not over");
        _fake.Clock.Advance(TimeSpan.FromSeconds(1));
        await (await waiting).DisposeAsync();
    }

    [Test]
    public async Task ASessionThatIsLostTakesItsLocksWithIt()
    {
        SessionHandle session = await _ada.OpenSessionAsync(TimeSpan.FromSeconds(30));
        var options = new HoldOptions { Ttl = TimeSpan.FromHours(1), Session = session };
        LockHandle held = await _ada.HoldAsync(Name, options);
        _fake.Clock.Advance(TimeSpan.FromMinutes(5));
        Expect.True(!session.IsLost && !held.IsLost, "it is kept alive");
        _fake.IsDown = true;
        _fake.Clock.Advance(TimeSpan.FromMinutes(1));
        _fake.IsDown = false;
        Expect.True(session.IsLost && held.IsLost, "both are lost");
        await _bob.AcquireAsync(Name);
    }

    [Test]
    public async Task AConversionToExclusiveGetsANewFencingToken()
    {
        await using LockHandle held = await _ada.HoldAsync(Name, new HoldOptions { Mode = LockMode.Shared });
        long before = held.FencingToken;
        await using (await _bob.HoldAsync(Name, new HoldOptions { Mode = LockMode.Shared }))
        {
            await Expect.ThrowsAsync<LockHeldException>(() => held.ConvertAsync(LockMode.Exclusive));
        }
        await held.ConvertAsync(LockMode.Exclusive);
        Expect.True(held.FencingToken > before && held.Locks[0].Mode == LockMode.Exclusive, $"{held}");
        long now = held.FencingToken;
        await held.ConvertAsync(LockMode.Shared);
        Expect.Equal((now, LockMode.Shared), (held.FencingToken, held.Locks[0].Mode));
        await Expect.ThrowsAsync<OctoStoreValidationException>(() => held.ConvertAsync(LockMode.Counted));
        await Expect.ThrowsAsync<OctoStoreValidationException>(() => held.ConvertAsync(LockMode.Shared, "another"));
    }

    [Test]
    public async Task ABrokenLeaseIsLostAtItsNextRenewal()
    {
        LockHandle held = await _ada.HoldAsync(Name, new HoldOptions { Ttl = TimeSpan.FromSeconds(30) });
        await Expect.ThrowsAsync<OctoStorePermissionException>(() => _bob.BreakLockAsync(Name, "mine"));
        LockBreak broken = await _fake.NewAdministratorClient().BreakLockAsync(Name, "it hangs");
        Expect.Equal((1L, held.FencingToken), (broken.LeaseCount, broken.FencingTokens[0]));
        _fake.Clock.Advance(TimeSpan.FromSeconds(10));
        var error = held.LossError as LeaseBrokenException;
        Expect.Equal(("it hangs", "administrator"), (error?.Reason, error?.BrokenBy));
    }

    [Test]
    public async Task AHolderLearnsOnceOfEachRequestToRelease()
    {
        var heard = new List<string?>();
        var hearing = new SemaphoreSlim(0);
        await using LockHandle held = await _ada.HoldAsync(Name, new HoldOptions
        {
            OnReleaseRequested = (handle, request) =>
            {
                lock (heard) heard.Add($"{handle.Name} {request.By} {request.Message}");
                hearing.Release();
                throw new InvalidOperationException("a bad listener");
            },
        });
        await _bob.RequestReleaseAsync(Name, "please");
        _fake.Clock.Advance(TimeSpan.FromMinutes(2));
        await hearing.WaitAsync();
        await _bob.RequestReleaseAsync(Name);
        _fake.Clock.Advance(TimeSpan.FromMinutes(2));
        await hearing.WaitAsync();
        Expect.Equal($"{Name} bob please; {Name} bob ", string.Join("; ", heard));
        Expect.Equal("bob", held.ReleaseRequested?.By);
        await Expect.ThrowsAsync<OctoStoreNotFoundException>(() => _bob.RequestReleaseAsync("no-one-holds-it"));
    }

    [Test]
    public async Task AFenceRefusesLowerTokens()
    {
        long low = (await _ada.AcquireAsync("a")).FencingToken;
        long high = (await _bob.AcquireAsync("b")).FencingToken;
        Expect.Equal(0, (await _ada.Fences.GetAsync("table")).Highest);
        Expect.Equal(high, (await _ada.Fences.AdvanceAsync("table", high)).Highest);
        await _ada.Fences.CheckAsync("table", high);
        var error = await Expect.ThrowsAsync<StaleFencingTokenException>(() => _bob.Fences.AdvanceAsync("table", low));
        Expect.Equal(high, error.Highest);
        await Expect.ThrowsAsync<OctoStoreValidationException>(() => _ada.Fences.AdvanceAsync("table", 0));
    }

    [Test]
    public async Task LeasesAreKeptByTheirIds()
    {
        WholeLease lease = await _ada.AcquireAllAsync(["a", "b"], new AcquireAllOptions { Ttl = TimeSpan.FromSeconds(10) });
        await _ada.Leases.RenewAsync(lease.LeaseId, TimeSpan.FromSeconds(60));
        _fake.Clock.Advance(TimeSpan.FromSeconds(30));
        Expect.Equal(2, (await _ada.Leases.GetAsync(lease.LeaseId)).Locks.Count);
        await _ada.Leases.ReleaseAsync(lease.LeaseId);
        await Expect.ThrowsAsync<OctoStoreNotFoundException>(() => _ada.Leases.GetAsync(lease.LeaseId));
        Expect.Equal(0, (await _ada.ListLocksAsync()).Count);
    }

    [Test]
    public async Task APlaceInLineCanBeLeft()
    {
        await _ada.HoldAsync(Name);
        string id = Guid.NewGuid().ToString();
        Task<Lease> waiting = _bob.AcquireAsync(
            Name, new AcquireOptions { Wait = TimeSpan.FromSeconds(20), LeaseId = id });
        _fake.Clock.Advance(TimeSpan.FromSeconds(21));
        await Expect.ThrowsAsync<LockHeldException>(() => waiting);
        Expect.Equal((0L, 1L), Counts(await _bob.GetQueueAsync(Name)));
        await _bob.LeaveQueueAsync(Name, id);
        Expect.Equal((0L, 0L), Counts(await _bob.GetQueueAsync(Name)));

        static (long Waiters, long Total) Counts(LockQueue queue) => (queue.Waiters, queue.Total);
    }

    [Test]
    public async Task WhatTheFakeLacksIsRefused()
    {
        var error = await Expect.ThrowsAsync<OctoStoreServerException>(
            () => _ada.HoldAsync(Name, new HoldOptions { WantsProof = true }));
        Expect.Equal("not_in_double", error.Code);
    }
}
