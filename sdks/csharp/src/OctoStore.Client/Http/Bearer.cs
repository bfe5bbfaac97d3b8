using System;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>
/// A client's token. It can be replaced while requests are under way. The old token stops working immediately, so some of
/// these requests may get a 401 although the client has a valid token by then.
/// </summary>
internal sealed class Bearer(string? token)
{
    /// <summary>Held while a rotation is under way.</summary>
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile string? _token = token;

    /// <exception cref="OctoStoreAuthenticationException">There is no token.</exception>
    public void CheckPresent()
    {
        if (_token is not null) return;
        throw new OctoStoreAuthenticationException(
            "This call needs a token, and the client has none. Pass one to the client, or set OCTOSTORE_TOKEN.");
    }

    /// <summary>Replaces the token with the one that <paramref name="ask"/> returns. Rotations run one at a time.</summary>
    /// <param name="ask">Gets a new token with the current one.</param>
    /// <param name="cancel">Cancels the wait for earlier rotations.</param>
    public async Task<string> RotateAsync(Func<string?, Task<string>> ask, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            string other = await ask(_token).ConfigureAwait(false);
            _token = other;
            return other;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Sends a request with the current token. On a 401, if the token has been replaced meanwhile, sends it again with the
    /// new one. A request that got a 401 has had no effect.
    /// </summary>
    /// <param name="send">Sends the request with a token; throws the authentication error on a 401.</param>
    /// <param name="cancel">Cancels the wait for a rotation that is under way.</param>
    public async Task<T> SendAsync<T>(Func<string?, Task<T>> send, CancellationToken cancel)
    {
        while (true)
        {
            string? sent = _token;
            try
            {
                return await send(sent).ConfigureAwait(false);
            }
            catch (OctoStoreAuthenticationException)
            {
                if (sent == _token) await RotatedAsync(cancel).ConfigureAwait(false);
                if (sent == _token) throw;
            }
        }
    }

    /// <summary>Completes when no rotation is under way.</summary>
    private async Task RotatedAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel).ConfigureAwait(false);
        _turn.Release();
    }
}
