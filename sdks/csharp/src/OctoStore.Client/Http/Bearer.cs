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
internal sealed class Bearer(string? token, Func<CancellationToken, Task<string>>? source = null) : IDisposable
{
    /// <summary>Held while a rotation is under way.</summary>
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _disposed = new();
    private volatile string? _token = token;

    /// <summary>The source, while it is being asked. Those that wait for it can give up before.</summary>
    private Task<string>? _asking;

    /// <summary>For calls that need none. Null if there is none, or the source was not asked yet.</summary>
    public string? Current => _token;

    /// <summary>The client no longer needs a token.</summary>
    public void Dispose() => _disposed.Cancel();

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
    /// <exception cref="OctoStoreValidationException">A function gives the token.</exception>
    public async Task<string> RotateAsync(Func<string?, Task<string>> ask, CancellationToken cancel)
    {
        if (source is not null)
        {
            throw new OctoStoreValidationException(
                "A function gives the token of this client, so the client cannot replace it. Rotate it where it is kept.");
        }
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
    /// new one. A request that got a 401 has had no effect. The source is asked once for each request at most.
    /// </summary>
    /// <param name="send">Sends the request with a token; throws the authentication error on a 401.</param>
    /// <param name="cancel">Cancels the wait for a rotation that is under way.</param>
    public async Task<T> SendAsync<T>(Func<string?, Task<T>> send, CancellationToken cancel)
    {
        if (_token is null) await ReplaceAsync(null, cancel).ConfigureAwait(false);
        bool hasAsked = false;
        while (true)
        {
            string? sent = _token;
            try
            {
                return await send(sent).ConfigureAwait(false);
            }
            catch (OctoStoreAuthenticationException error) when (error.StatusCode is not null && !hasAsked)
            {
                hasAsked = await ReplaceAsync(sent, cancel).ConfigureAwait(false);
                if (sent == _token) throw;
            }
        }
    }

    /// <summary>
    /// Waits for a rotation that is under way. If that has not replaced this token, asks the source for another one. Returns
    /// whether it has asked.
    /// </summary>
    private async Task<bool> ReplaceAsync(string? old, CancellationToken cancel)
    {
        if (_token != old) return false;
        await _turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (_token != old || source is null) return false;
            _token = await AskSourceAsync(source, cancel).ConfigureAwait(false);
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<string> AskSourceAsync(Func<CancellationToken, Task<string>> ask, CancellationToken cancel)
    {
        string? given;
        try
        {
            _asking ??= ask(_disposed.Token);
            given = await _asking.WaitAsync(cancel).ConfigureAwait(false);
        }
        catch (Exception cause) when (!cancel.IsCancellationRequested)
        {
            throw new OctoStoreAuthenticationException("The function that gives the token has failed.", cause: cause);
        }
        finally
        {
            if (_asking is { IsCompleted: true }) _asking = null;
        }
        if (given is null) throw new OctoStoreAuthenticationException("The function that gives the token has given none.");
        Checks.Token(given);
        return given;
    }
}
