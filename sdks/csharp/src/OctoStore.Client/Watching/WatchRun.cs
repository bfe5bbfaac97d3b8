using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>One enumeration of a watch. After a disconnect, it resumes without a gap or a repeat.</summary>
internal sealed class WatchRun
{
    private static readonly TimeSpan SilenceMax = TimeSpan.FromMilliseconds(Rules.WatchSilenceMsMax);

    private readonly Caller _caller;
    private readonly string _path;
    private readonly Func<Fields, WatchUpdate> _readState;
    private string? _lastEventId;
    private readonly Route _route;
    private bool _hasBegun;

    /// <summary>Whether the current stream has brought something.</summary>
    private bool _isFlowing;

    private WatchRun(Caller caller, string path, Func<Fields, WatchUpdate> readState)
    {
        _caller = caller;
        _path = path;
        _readState = readState;
        _route = caller.LimitedRoute();
    }

    /// <summary>The updates.</summary>
    /// <param name="caller">Provides the transport and the timeout.</param>
    /// <param name="path">What is watched.</param>
    /// <param name="readState">Reads the data of a <c>state</c> frame.</param>
    /// <param name="cancel">Ends it.</param>
    public static async IAsyncEnumerable<WatchUpdate> RunAsync(
        Caller caller,
        string path,
        Func<Fields, WatchUpdate> readState,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        var watch = new WatchRun(caller, path, readState);
        while (true)
        {
            IAsyncEnumerator<WatchUpdate> stream = watch.StreamAsync(cancel).GetAsyncEnumerator(cancel);
            await using (stream.ConfigureAwait(false))
            {
                while (await watch.MoveNextAsync(stream, cancel).ConfigureAwait(false)) yield return stream.Current;
            }
        }
    }

    /// <summary>Advances. Returns false, after a pause, if the stream broke and reconnecting may help.</summary>
    private async Task<bool> MoveNextAsync(IAsyncEnumerator<WatchUpdate> stream, CancellationToken cancel)
    {
        TimeSpan pause;
        try
        {
            bool hasMoved = await stream.MoveNextAsync().ConfigureAwait(false);
            if (!_isFlowing) _route.Restart();
            _hasBegun = true;
            _isFlowing = true;
            return hasMoved;
        }
        catch (OctoStoreException error)
        {
            if (error.IsFaultOfServer) _caller.Servers.Leave(_route.Url);
            TimeSpan? next = MayResumeAfter(error) ? _route.Next(error) : null;
            if (next is null) throw;
            // All streams of a server break at the same time, so they must not all come back at the same time.
            pause = Spans.Max(next.Value, _isFlowing ? Backoff.Delay(1, null) : TimeSpan.Zero);
        }
        _isFlowing = false;
        await _caller.Clock.PauseAsync(pause, cancel).ConfigureAwait(false);
        return false;
    }

    /// <summary>Retries the first connection like a read, and later ones for as long as it takes.</summary>
    private bool MayResumeAfter(OctoStoreException error) =>
        _hasBegun ? !error.IsFinal : Caller.MayRepeat(error, isSafe: true);

    /// <summary>One connection. Always ends by throwing, even if the server closed the stream.</summary>
    private async IAsyncEnumerable<WatchUpdate> StreamAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var opening = new Sending(_route.Url, _caller.Timeout, cancel);
        using HttpResponseMessage response = await OpenAsync(opening).ConfigureAwait(false);
        using var connection = new Attempt(opening with { Timeout = SilenceMax }, _caller.Clock);
        Stream body = await response.Content.ReadAsStreamAsync(connection.Token).ConfigureAwait(false);
        using var lines = new StreamReader(body);
        var frames = new FrameReader();
        while (true)
        {
            string line = await ReadLineAsync(lines, connection, opening.Server).ConfigureAwait(false);
            if (frames.Take(line) is not { } frame) continue;
            WatchUpdate? update = UpdateOf(frame);
            _lastEventId = frame.Id ?? _lastEventId;
            if (update is not null) yield return update;
        }
    }

    private async Task<HttpResponseMessage> OpenAsync(Sending sending)
    {
        _caller.Bearer.CheckPresent();
        var request = new Request(HttpMethod.Get, _path);
        HttpResponseMessage response = await _caller
            .WithBearerAsync(token => _caller.Transport.OpenAsync(request, token, _lastEventId, sending), sending)
            .ConfigureAwait(false);
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream") return response;
        using (response) throw NotUnderstood("the answer of the server is no event stream", null);
    }

    /// <summary>The next line. Throws if the stream is silent for so long that the connection must be dead.</summary>
    private async Task<string> ReadLineAsync(StreamReader lines, Attempt connection, string server)
    {
        connection.Restart();
        try
        {
            return await lines.ReadLineAsync(connection.Token).ConfigureAwait(false)
                ?? throw new OctoStoreNetworkException($"the stream of {server} ended", wasSent: true);
        }
        catch (Exception error) when (_caller.Transport.IsFailure(error))
        {
            throw _caller.Transport.FailureOf(error, connection);
        }
    }

    /// <summary>Returns null for a kind of event that this version does not know.</summary>
    private WatchUpdate? UpdateOf(Frame frame)
    {
        try
        {
            Fields fields = Fields.Parse(frame.Data);
            return frame.Event switch
            {
                "state" => _readState(fields),
                "reset" => new ResetUpdate(fields.Text("message")),
                _ when Readers.EventType(frame.Event) is null => null,
                _ => new EventUpdate(Readers.LockEvent(fields)),
            };
        }
        catch (FormatException cause)
        {
            throw NotUnderstood("an event of the server cannot be understood", cause);
        }
    }

    private static OctoStoreServerException NotUnderstood(string message, Exception? cause) =>
        new(message, new ErrorFacts(HttpStatusCode.OK, null, null, null), cause);
}
