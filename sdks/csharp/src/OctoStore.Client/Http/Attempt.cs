using System;
using System.IO;
using System.Net.Http;
using System.Threading;

namespace OctoStore;

/// <summary>The time of one attempt, or of one line of a stream, and what went wrong if it did not succeed.</summary>
internal sealed class Attempt : IDisposable
{
    private static readonly TimeSpan TimeoutMax = TimeSpan.FromDays(1);

    private readonly Sending _sending;
    private readonly CancellationTokenSource _late;
    private readonly CancellationTokenSource _either;

    public Attempt(Sending sending, Clock clock)
    {
        _sending = sending;
        _late = new CancellationTokenSource(TimerOf(sending.Timeout), clock.Timers);
        _either = CancellationTokenSource.CreateLinkedTokenSource(sending.Cancel, _late.Token);
    }

    /// <summary>Cancelled by the caller, or when the time is up.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>Begins the time again.</summary>
    public void Restart() => _late.CancelAfter(_sending.Timeout);

    public void Dispose()
    {
        _either.Dispose();
        _late.Dispose();
    }

    /// <summary>
    /// Whether this is an error of a connection. A handler of the program can fail with any other error too.
    /// </summary>
    public static bool IsFailure(Exception error, bool isForeign) => error switch
    {
        OctoStoreException or ObjectDisposedException => false,
        OperationCanceledException or HttpRequestException or IOException => true,
        _ => isForeign,
    };

    /// <summary>The client's error for such an error.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="isDisposed">Whether the client has been disposed of.</param>
    public Exception FailureOf(Exception error, bool isDisposed)
    {
        (string server, TimeSpan timeout, CancellationToken cancel) = _sending;
        if (cancel.IsCancellationRequested) return new OperationCanceledException(cancel);
        if (_late.IsCancellationRequested)
        {
            return new OctoStoreTimeoutException($"no answer from {server} within {timeout.TotalMilliseconds:F0} ms");
        }
        return isDisposed ? new ObjectDisposedException(nameof(OctoStoreClient)) : NetworkErrorOf(error, server);
    }

    private static TimeSpan TimerOf(TimeSpan timeout) => timeout > TimeoutMax ? Timeout.InfiniteTimeSpan : timeout;

    private static OctoStoreNetworkException NetworkErrorOf(Exception error, string server)
    {
        HttpRequestError? kind = error switch
        {
            HttpRequestException one => one.HttpRequestError,
            HttpIOException one => one.HttpRequestError,
            _ => null,
        };
        if (kind == HttpRequestError.InvalidResponse)
        {
            // The error itself quotes the received data, which could be anything.
            return new OctoStoreNetworkException($"the connection to {server} failed: what came is no HTTP", wasSent: true);
        }
        bool wasSent = kind
            is not (HttpRequestError.ConnectionError
                or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError
                or HttpRequestError.ProxyTunnelError);
        return new OctoStoreNetworkException($"the connection to {server} failed: {error.Message}", wasSent, error);
    }
}
