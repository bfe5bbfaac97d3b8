using System;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;

namespace OctoStore;

/// <summary>Checks before anything is sent. Each throws <see cref="OctoStoreValidationException"/>.</summary>
internal static class Checks
{
    private const int LockDelaySecondsMax = 60;
    private const long FencingTokenMax = (1L << 53) - 1;

    private static readonly Regex NameShape = new(Rules.LockNamePattern, RegexOptions.CultureInvariant);

    /// <summary>Checks that the server accepts this lock name.</summary>
    public static void Name(string name) => Name(name, "lock");

    /// <summary>The same for a fence, whose names follow the rules of lock names.</summary>
    public static void FenceName(string name) => Name(name, "fence");

    /// <summary>Checks that this can be a fencing token.</summary>
    public static void FencingToken(long token)
    {
        if (token is < 1 or > FencingTokenMax)
        {
            throw new OctoStoreValidationException($"A fencing token is a whole number from 1 to {FencingTokenMax}.");
        }
    }

    /// <summary>Checks what a lease is to be like.</summary>
    public static void Lease(LeaseOptions options)
    {
        Ttl(options.Ttl);
        Wait(options.Wait);
        if (options.LockDelay is { } delay && !AreWholeSeconds(delay, 0, LockDelaySecondsMax))
        {
            throw new OctoStoreValidationException(
                $"The lock delay must be a whole number of seconds from 0 to {LockDelaySecondsMax}.");
        }
        if (options.MinHold is { } hold && !AreWholeSeconds(hold, 0, (int)options.Ttl.TotalSeconds))
        {
            throw new OctoStoreValidationException("The minimum hold must be a whole number of seconds from 0 to the TTL.");
        }
    }

    /// <summary>Checks a lock that is wanted.</summary>
    public static void Wanted(WantedLock wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        Name(wanted.Name);
        if (wanted.Mode == LockMode.Counted && wanted.Limit is null)
        {
            throw new OctoStoreValidationException("A counted lock needs a limit.");
        }
        if (wanted is { Limit: not null, Mode: LockMode.Exclusive or LockMode.Shared })
        {
            throw new OctoStoreValidationException("A lock with a limit is counted: leave out its mode.");
        }
    }

    /// <summary>Checks that this is a valid TTL for a lease.</summary>
    public static void Ttl(TimeSpan ttl) => WholeSeconds(ttl, Rules.TtlSecondsMin, Rules.TtlSecondsMax);

    /// <summary>Checks that this is a valid TTL for a session.</summary>
    public static void SessionTtl(TimeSpan ttl) =>
        WholeSeconds(ttl, Rules.SessionTtlSecondsMin, Rules.SessionTtlSecondsMax);

    /// <summary>Checks that this is a valid time to wait.</summary>
    public static void Wait(TimeSpan wait)
    {
        if (wait < TimeSpan.Zero && wait != Timeout.InfiniteTimeSpan)
        {
            throw new OctoStoreValidationException("The time to wait must be zero or more.");
        }
    }

    /// <summary>Checks that a request can wait for this long.</summary>
    public static void WaitSlice(TimeSpan slice)
    {
        if (!AreWholeSeconds(slice, 1, Rules.WaitSecondsPerRequestMax))
        {
            throw new OctoStoreValidationException(
                $"The wait slice must be a whole number of seconds from 1 to {Rules.WaitSecondsPerRequestMax}.");
        }
    }

    /// <summary>Checks that a timer can run for this long.</summary>
    public static void RequestTimeout(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero || timeout > TimeSpan.FromDays(1))
        {
            throw new OctoStoreValidationException("The time-out must be more than zero and at most a day.");
        }
    }

    /// <summary>Checks that the token can be sent in a header. The error does not quote it.</summary>
    public static void Token(string token)
    {
        if (token.Length == 0 || !token.All(character => character is > ' ' and < '\x7f'))
        {
            throw new OctoStoreValidationException("The token must consist of visible ASCII characters.");
        }
    }

    /// <summary>The base URLs of a text that separates them by commas, each once. If one is not valid, none is.</summary>
    public static string[] BaseUrls(string text)
    {
        string[] urls = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        // Without any, the text itself is reported.
        return (urls.Length == 0 ? [text] : urls).Select(BaseUrl).Distinct().ToArray();
    }

    /// <summary>
    /// The base URL without a trailing slash. The error does not quote it, because a URL can contain credentials.
    /// </summary>
    public static string BaseUrl(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || (url.Scheme != "http" && url.Scheme != "https"))
        {
            throw new OctoStoreValidationException("The base URL must be an http or https URL.");
        }
        if (url.UserInfo.Length > 0)
        {
            throw new OctoStoreValidationException("The base URL must not hold credentials: give the token by itself.");
        }
        return url.GetLeftPart(UriPartial.Path).TrimEnd('/');
    }

    private static void Name(string name, string what)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (ProblemOfName(name, what) is { } problem) throw new OctoStoreValidationException(problem);
    }

    private static string? ProblemOfName(string name, string what)
    {
        if (name.Length > Rules.LockNameLengthMax)
        {
            return $"A {what} name must have at most {Rules.LockNameLengthMax} characters.";
        }
        // The pattern alone would also accept a name with a trailing line feed, which is then not part of the match.
        if (NameShape.Match(name) is not { Success: true } match || match.Length < name.Length)
        {
            return $"A {what} name consists of components of letters, digits, '.', '_' and '-', "
                + "separated by single slashes.";
        }
        string[] components = name.Split('/');
        if (components.Any(component => component.Length > Rules.LockNameComponentLengthMax))
        {
            return $"Each component of a {what} name must have at most {Rules.LockNameComponentLengthMax} characters.";
        }
        return components.Any(component => component is "." or "..")
            ? $"A component of a {what} name must not be '.' or '..'."
            : null;
    }

    private static bool AreWholeSeconds(TimeSpan time, int min, int max) =>
        time.Ticks % TimeSpan.TicksPerSecond == 0
        && time >= TimeSpan.FromSeconds(min)
        && time <= TimeSpan.FromSeconds(max);

    private static void WholeSeconds(TimeSpan ttl, int min, int max)
    {
        if (!AreWholeSeconds(ttl, min, max))
        {
            throw new OctoStoreValidationException($"The TTL must be a whole number of seconds from {min} to {max}.");
        }
    }
}
