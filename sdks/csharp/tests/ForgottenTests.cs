using System;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore.Tests;

internal sealed class ForgottenTests
{
    private static readonly HoldOptions Long = new() { Ttl = TimeSpan.FromSeconds(60) };

    private readonly OctoStoreClient _client = Server.Client();
    private readonly string _name = Server.NewName();

    [Test]
    public async Task AForgottenLockIsWarnedOfAndNoLongerRenewed()
    {
        using var warned = new Warned($"The handle of the lock {_name} was garbage-collected");
        CancellationToken lost = await ForgetAsync();
        while (!warned.IsHeard) await CollectAsync();
        Expect.True(lost.IsCancellationRequested, "its loss is signalled");
    }

    [Test]
    public async Task AForgottenSessionIsWarnedOf()
    {
        using var warned = new Warned("The handle of the session ");
        await ForgetSessionAsync();
        while (!warned.IsHeard) await CollectAsync();
    }

    [Test]
    public async Task ALockKeepsItsSession()
    {
        await using LockHandle held = await HoldInASessionAsync();
        for (int i = 0; i < 5; i++) await CollectAsync();
        Expect.True(!held.IsLost, "the session is still kept alive");
        await held.Session!.DisposeAsync();
    }

    [Test]
    public async Task AFunctionThatOnlyWaitsKeepsItsLock()
    {
        using var stop = new CancellationTokenSource();
        var inside = new TaskCompletionSource();
        Task use = _client.WithLockAsync(_name, Long, async (_, told) =>
        {
            inside.SetResult();
            await Expect.CancelledAsync(told);
        }, stop.Token);
        await inside.Task;
        for (int i = 0; i < 5; i++) await CollectAsync();
        Expect.True((await _client.GetLockStatusAsync(_name)).Held is not null, "the lock is held");
        await stop.CancelAsync();
        await use;
    }

    private static async Task CollectAsync()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        await Task.Delay(20);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<CancellationToken> ForgetAsync() => (await _client.HoldAsync(_name, Long)).Lost;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task ForgetSessionAsync() => await _client.OpenSessionAsync();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<LockHandle> HoldInASessionAsync()
    {
        SessionHandle session = await _client.OpenSessionAsync();
        return await _client.HoldAsync(_name, new HoldOptions { Ttl = Long.Ttl, Session = session });
    }
}
