using System;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>Makes calls and retries them where that is safe.</summary>
internal sealed class Caller(Servers servers, Transport transport, Bearer bearer, CallSettings settings)
{
    public Servers Servers { get; } = servers;

    public Transport Transport { get; } = transport;

    public Bearer Bearer { get; } = bearer;

    /// <summary>The timeout of one attempt.</summary>
    public TimeSpan Timeout { get; } = settings.Timeout;

    /// <summary>How long one request waits in line at most, unless the call says otherwise.</summary>
    public TimeSpan WaitSlice { get; } = settings.WaitSlice;

    public Clock Clock { get; } = settings.Clock;

    /// <summary>Learns of everything that is open.</summary>
    public OpenThings Open { get; } = settings.Open;

    /// <summary>Learns of what happens to handles.</summary>
    public Observing? Observer { get; } = settings.Observer;

    /// <summary>A caller with this fixed token. A 401 is final.</summary>
    public Caller WithToken(string? token) => new(Servers, Transport, new Bearer(token), settings);

    /// <summary>Throws the error of the last attempt.</summary>
    public async Task<Result<T>> CallAsync<T>(Call<T> call, CancellationToken cancel)
    {
        Outcome outcome = call.Outcome;
        Instant startedAt = Clock.Now;
        Route route = LimitedRoute(call.PatientUntil);
        for (int attempts = 1; ; attempts++)
        {
            cancel.ThrowIfCancellationRequested();
            bool wasUnknown = outcome.IsUnknown;
            Instant askedAt = Clock.Now;
            TimeSpan pause;
            try
            {
                return await AttemptAsync(call, new Sending(route.Url, call.Limits.Left, cancel)).ConfigureAwait(false);
            }
            catch (OctoStoreNotFoundException error) when (wasUnknown && call.IfGone is not null && !error.IsBroken)
            {
                return new Result<T>(call.IfGone(), startedAt);
            }
            catch (OctoStoreException error)
            {
                outcome.IsUnknown |= error.LeavesOutcomeUnknown;
                bool mayGoOn = attempts < call.Limits.AttemptsMax && MayRepeat(error, call.IsSafe);
                TimeSpan? next = mayGoOn ? route.Next(error, Clock.Now - askedAt) : null;
                if (next is null || next >= call.Limits.Left) throw;
                pause = next.Value;
            }
            catch (OperationCanceledException)
            {
                outcome.IsUnknown = true;
                throw;
            }
            await Clock.PauseAsync(pause, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// One attempt, within the timeout of the request. It is sent again only if the token was replaced, see
    /// <see cref="Bearer.SendAsync"/>.
    /// </summary>
    public async Task<Result<T>> AttemptAsync<T>(Call<T> call, Sending sending)
    {
        if (!call.IsPublic) Bearer.CheckPresent();
        Sending within = sending with { Timeout = Spans.Min(call.Request().Timeout ?? Timeout, sending.Timeout) };
        try
        {
            Result<T> result = await (call.IsPublic ? AskAsync(Bearer.Current) : WithBearerAsync(AskAsync, within))
                .ConfigureAwait(false);
            Servers.Keep(sending.Server);
            return result;
        }
        catch (OctoStoreException error) when (error.IsFaultOfServer)
        {
            Servers.Leave(sending.Server);
            throw;
        }

        async Task<Result<T>> AskAsync(string? token)
        {
            Request request = call.Request();
            TimeSpan timeout = Spans.Min(request.Timeout ?? Timeout, sending.Timeout);
            (Answer answer, Instant sentAt) = await Transport
                .ExchangeAsync(request, token, sending with { Timeout = timeout })
                .ConfigureAwait(false);
            return new Result<T>(Answers.ResultOf(answer, call.Read), sentAt);
        }
    }

    /// <summary>
    /// Sends a request with the token of the client. It waits for another token no longer than the request may take.
    /// </summary>
    public async Task<T> WithBearerAsync<T>(Func<string?, Task<T>> send, Sending sending)
    {
        using var attempt = new Attempt(sending, Clock);
        try
        {
            return await Bearer.SendAsync(send, attempt.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException error)
        {
            throw Transport.FailureOf(error, attempt);
        }
    }

    /// <summary>Reads an object.</summary>
    public Task<T> ReadAsync<T>(string path, Func<Fields, T> read, CancellationToken cancel) => GetAsync(
        new Call<T>(() => new Request(HttpMethod.Get, path), text => read(Fields.Parse(text))), cancel);

    /// <summary>Makes a call and returns only the value.</summary>
    public async Task<T> GetAsync<T>(Call<T> call, CancellationToken cancel) =>
        (await CallAsync(call, cancel).ConfigureAwait(false)).Value;

    /// <summary>The route of a call, which ends after some rounds, but not before <paramref name="patientUntil"/>.</summary>
    public Route LimitedRoute(Instant? patientUntil = null) => new(Servers, Clock, 1 + Rules.RepeatsMax, patientUntil);

    /// <summary>Whether to retry, if there are retries left.</summary>
    public static bool MayRepeat(OctoStoreException error, bool isSafe) =>
        error.IsTransient && (isSafe || error.WasWithoutEffect);
}
