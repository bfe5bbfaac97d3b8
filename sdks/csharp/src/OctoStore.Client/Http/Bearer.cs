using System;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>
/// The token of a client. It may be replaced while requests are under way; the old one ends at once, so some of them may be
/// refused with 401 although the client has a valid token by then.
/// </summary>
internal sealed class Bearer(string? token)
{
    /// <summary>Taken while a rotation is under way.</summary>
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile string? _token = token;

    /// <summary>Replaces the token by what <paramref name="ask"/> gets for it. One rotation comes after the other.</summary>
    /// <param name="ask">Gets a new token with the present one.</param>
    /// <param name="cancel">Gives up waiting for the rotations before.</param>
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
    /// Sends a request with the present token, and once more with the next one each time that it is refused with 401
    /// although, or because, the token was replaced meanwhile. A refused request has had no effect.
    /// </summary>
    /// <param name="send">Sends the request with a token; throws the authentication error if that is refused.</param>
    /// <param name="cancel">Gives up waiting for a rotation that is under way.</param>
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
