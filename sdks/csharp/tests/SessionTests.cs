using System;
using System.Threading.Tasks;

namespace OctoStore.Tests;

internal sealed class SessionTests
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(10);

    private readonly OctoStoreClient _client = Server.Client();

    [Test]
    public async Task BlockEndsTheSessionAndItsLocks()
    {
        LockHandle held;
        string sessionId;
        await using (SessionHandle session = await _client.OpenSessionAsync(Ttl))
        {
            sessionId = session.SessionId;
            held = await _client.HoldAsync(Server.NewName(), new HoldOptions { Session = session });
            Expect.True(held.Remaining <= Ttl, "a lock lasts no longer than its session");
        }
        Expect.True(held.IsLost, "the lock ended with its session");
        await Expect.CancelledAsync(held.Lost);
        await Expect.ThrowsAsync<OctoStoreNotFoundException>(() => _client.GetSessionStatusAsync(sessionId));
    }

    [Test]
    public async Task ALockThatWasReleasedIsNotLostWithItsSession()
    {
        SessionHandle session = await _client.OpenSessionAsync(Ttl);
        LockHandle held = await _client.HoldAsync(Server.NewName(), new HoldOptions { Session = session });
        await held.ReleaseAsync();
        await session.EndAsync();
        Expect.True(!held.IsLost && !session.IsLost, "nothing was lost");
    }

    [Test]
    public async Task ALockOfAnEndedSessionCannotBeHad()
    {
        SessionHandle session = await _client.OpenSessionAsync(Ttl);
        await session.EndAsync();
        await Expect.ThrowsAsync<OctoStoreNotFoundException>(
            () => _client.HoldAsync(Server.NewName(), new HoldOptions { Session = session }));
    }
}
