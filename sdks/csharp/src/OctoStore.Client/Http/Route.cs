using System;
using System.Collections.Generic;
using System.Linq;

namespace OctoStore;

/// <summary>
/// Which server each attempt of a call goes to, and when. The attempts go in rounds: in each, every server is asked once,
/// without a pause in between. Before each further round there is a pause, which grows.
/// </summary>
internal sealed class Route
{
    private const int Endless = int.MaxValue;

    /// <summary>A request that lasted this long has waited in line.</summary>
    private static readonly TimeSpan WaitedMin = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RetryAfterMax = TimeSpan.FromMilliseconds(Rules.RetryAfterMsMax);

    private readonly Servers _servers;
    private readonly Clock _clock;
    private readonly Instant? _patientUntil;

    /// <summary>The servers that were asked in this round.</summary>
    private readonly HashSet<string> _asked = [];

    /// <summary>Until when servers have asked to be left alone.</summary>
    private readonly Dictionary<string, Instant> _busyUntil = [];
    private int _roundsMax;

    /// <summary>The current round, from 1.</summary>
    private int _round = 1;

    /// <summary>How many rounds have failed since the pauses began to grow.</summary>
    private int _failures;

    /// <param name="servers">The servers of the client.</param>
    /// <param name="clock">Times the pauses.</param>
    /// <param name="roundsMax">The last round. By default, the route never ends and waits for any Retry-After.</param>
    /// <param name="patientUntil">
    /// Until then it goes on after the last round. It waits for any Retry-After that ends by then.
    /// </param>
    public Route(Servers servers, Clock clock, int roundsMax = Endless, Instant? patientUntil = null)
    {
        _servers = servers;
        _clock = clock;
        _roundsMax = roundsMax;
        _patientUntil = patientUntil;
        Url = servers.Current;
    }

    /// <summary>The server for the next attempt.</summary>
    public string Url { get; private set; }

    private TimeSpan Patience => _patientUntil is { } until ? until.FromNow() : TimeSpan.Zero;

    /// <summary>
    /// An attempt has succeeded. From now on, the route never ends, and begins with the first round again.
    /// </summary>
    public void Restart()
    {
        _servers.Keep(Url);
        _roundsMax = Endless;
        _round = 1;
        _failures = 0;
        _asked.Clear();
        _busyUntil.Clear();
    }

    /// <summary>
    /// Goes on after a failed attempt. Returns how long to pause before the next one, or null if there is none.
    /// </summary>
    /// <param name="error">How it failed.</param>
    /// <param name="lasted">How long it took.</param>
    public TimeSpan? Next(Exception error, TimeSpan lasted = default)
    {
        if (_patientUntil is not null && lasted >= WaitedMin) _failures = 0;
        var known = error as OctoStoreException;
        _asked.Add(Url);
        _busyUntil[Url] = _clock.Now + (known?.RetryAfter ?? TimeSpan.Zero);
        // Another server would say the same about a request that this one has understood.
        IReadOnlyList<string> urls = known is { IsFaultOfServer: true } ? _servers.FromCurrent : [Url];
        Choice? choice = InThisRound(urls) ?? InNextRound(urls);
        if (choice is null) return null;
        Url = choice.Url;
        return choice.In;
    }

    private Choice? InThisRound(IReadOnlyList<string> urls) =>
        Soonest(urls.Where(url => !_asked.Contains(url)).Select(url => ChoiceOf(url, TimeSpan.Zero)).Where(IsSoon));

    private Choice? InNextRound(IReadOnlyList<string> urls)
    {
        TimeSpan patience = Patience;
        bool isLast = _round >= _roundsMax;
        if (isLast && patience <= TimeSpan.Zero) return null;
        TimeSpan pause = Backoff.Delay(_failures + 1, null);
        // A pause that would outlast the wait is shortened to its end.
        if (isLast) pause = Spans.Min(pause, patience);
        Choice[] all = urls.Select(url => ChoiceOf(url, pause)).ToArray();
        Choice? choice = Soonest(all.Where(IsSoon)) ?? (_roundsMax == Endless ? Soonest(all) : null);
        _round++;
        _failures++;
        _asked.Clear();
        return choice;
    }

    private bool IsSoon(Choice choice) => choice.In <= Spans.Max(RetryAfterMax, Patience);

    private Choice ChoiceOf(string url, TimeSpan pause)
    {
        TimeSpan busy = _busyUntil.TryGetValue(url, out Instant until) ? until.FromNow() : TimeSpan.Zero;
        return new Choice(url, Spans.Max(pause, busy));
    }

    /// <summary>The first of those that can be asked soonest. Null if there is none.</summary>
    private static Choice? Soonest(IEnumerable<Choice> choices) => choices.OrderBy(choice => choice.In).FirstOrDefault();

    /// <summary>A server, and in how long it can be asked.</summary>
    private sealed record Choice(string Url, TimeSpan In);
}
