using System;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>
/// A client's token. It can be replaced while requests are under way. The old token stops working immediately, so some of
/// these requests may get a 401 although the client has a valid token by then.
/// </summary>
/// <param name="token">The first token, unless it comes from a function.</param>
/// <param name="source">Gives the token: at first, and again when the server has refused the last one.</param>
internal sealed class Bearer(string? token, Func<CancellationToken, Task<string>>? source = null)
{
    /// <summary>Held while a rotation is under way.</summary>
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile string? _token = token;

    /// <exception cref="OctoStoreAuthenticationException">There is no token.</exception>
    public void CheckPresent()
    {
        if (_token is not null || source is not null) return;
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
            string? current = _token ?? await AskSourceAsync(cancel).ConfigureAwait(false);
            string other = await ask(current).ConfigureAwait(false);
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
        if (_token is null) await ReplaceAsync(null, cancel).ConfigureAwait(false);
        while (true)
        {
            string? sent = _token;
            try
            {
                return await send(sent).ConfigureAwait(false);
            }
            catch (OctoStoreAuthenticationException)
            {
                await ReplaceAsync(sent, cancel).ConfigureAwait(false);
                if (sent == _token) throw;
            }
        }
    }

    /// <summary>
    /// Waits for a rotation that is under way. If that has not replaced this token, asks the source for another one.
    /// </summary>
    private async Task ReplaceAsync(string? old, CancellationToken cancel)
    {
        if (_token != old) return;
        await _turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (_token == old) _token = await AskSourceAsync(cancel).ConfigureAwait(false) ?? old;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Null if there is no source.</summary>
    private async Task<string?> AskSourceAsync(CancellationToken cancel)
    {
        if (source is null) return null;
        string? given;
        try
        {
            given = await source(cancel).ConfigureAwait(false);
        }
        catch (Exception cause) when (!cancel.IsCancellationRequested)
        {
            throw new OctoStoreAuthenticationException("The function that gives the token has failed.", cause: cause);
        }
        if (given is null) throw new OctoStoreAuthenticationException("The function that gives the token has given none.");
        Checks.Token(given);
        return given;
    }
}
