using System;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>Makes calls and retries them where that is safe.</summary>
internal sealed class Caller(Transport transport, Bearer bearer, TimeSpan timeout)
{
    private static readonly TimeSpan RetryAfterMax = TimeSpan.FromMilliseconds(Rules.RetryAfterMsMax);

    public Transport Transport { get; } = transport;

    public Bearer Bearer { get; } = bearer;

    /// <summary>The timeout of one attempt.</summary>
    public TimeSpan Timeout { get; } = timeout;

    /// <summary>A caller with this fixed token. A 401 is final.</summary>
    public Caller WithToken(string? token) => new(Transport, new Bearer(token), Timeout);

    /// <summary>Throws the error of the last attempt.</summary>
    public async Task<Result<T>> CallAsync<T>(Call<T> call, CancellationToken cancel)
    {
        Outcome outcome = call.Outcome;
        Instant startedAt = Instant.Now;
        for (int failures = 1; ; failures++)
        {
            cancel.ThrowIfCancellationRequested();
            bool wasUnknown = outcome.IsUnknown;
            TimeSpan? retryAfter;
            try
            {
                return await AttemptAsync(call, cancel).ConfigureAwait(false);
            }
            catch (OctoStoreNotFoundException) when (wasUnknown && call.IfGone is not null)
            {
                return new Result<T>(call.IfGone(), startedAt);
            }
            catch (OctoStoreException error)
            {
                outcome.IsUnknown |= error.LeavesOutcomeUnknown;
                if (failures > Rules.RepeatsMax || !MayRepeat(error, call.IsSafe)) throw;
                retryAfter = error.RetryAfter;
            }
            catch (OperationCanceledException)
            {
                outcome.IsUnknown = true;
                throw;
            }
            await Task.Delay(Backoff.Delay(failures, retryAfter), cancel).ConfigureAwait(false);
        }
    }

    /// <summary>One attempt. It is sent again only if the token was replaced, see <see cref="Bearer.SendAsync"/>.</summary>
    public Task<Result<T>> AttemptAsync<T>(Call<T> call, CancellationToken cancel)
    {
        return Bearer.SendAsync(AskAsync, cancel);

        async Task<Result<T>> AskAsync(string? token)
        {
            Request request = call.Request();
            (Answer answer, Instant sentAt) =
                await Transport.ExchangeAsync(request, token, request.Timeout ?? Timeout, cancel).ConfigureAwait(false);
            return new Result<T>(Answers.ResultOf(answer, call.Read), sentAt);
        }
    }

    /// <summary>Makes a call and returns only the value.</summary>
    public async Task<T> GetAsync<T>(Call<T> call, CancellationToken cancel) =>
        (await CallAsync(call, cancel).ConfigureAwait(false)).Value;

    /// <summary>Whether to retry, if there are retries left.</summary>
    public static bool MayRepeat(OctoStoreException error, bool isSafe)
    {
        if (!error.IsTransient || error.RetryAfter > RetryAfterMax) return false;
        return isSafe || error is OctoStoreNetworkException { WasSent: false };
    }
}
