<?php

declare(strict_types=1);

namespace OctoStore\Internal;

use OctoStore\Exception\ValidationException;
use OctoStore\Renewal;
use OctoStore\Rules;

/**
 * Checks before anything is sent. Each throws `ValidationException`.
 *
 * @internal
 */
final class Checks
{
    private const FENCING_TOKEN_MAX = 2 ** 53 - 1;
    private const LOCK_DELAY_SECONDS_MAX = 60;

    /** @param string $what has the name: a lock, or something else with such names */
    public static function name(string $name, string $what = 'lock'): void
    {
        $problem = self::problemOfName($name, $what);
        if ($problem !== null) {
            throw new ValidationException($problem);
        }
    }

    public static function ttl(int $seconds): void
    {
        self::whole('ttlSeconds', $seconds, Rules::TTL_SECONDS_MIN, Rules::TTL_SECONDS_MAX);
    }

    public static function sessionTtl(int $seconds): void
    {
        self::whole('ttlSeconds', $seconds, Rules::SESSION_TTL_SECONDS_MIN, Rules::SESSION_TTL_SECONDS_MAX);
    }

    public static function wait(int|float $seconds): void
    {
        if (!($seconds >= 0)) {
            throw new ValidationException('waitSeconds must be 0 or more.');
        }
    }

    public static function waitSlice(int $seconds): void
    {
        self::whole('waitSliceSeconds', $seconds, 1, Rules::WAIT_SECONDS_PER_REQUEST_MAX);
    }

    public static function fencingToken(int $token): void
    {
        self::whole('fencingToken', $token, 1, self::FENCING_TOKEN_MAX);
    }

    /** How long a lock may be kept from everyone. */
    public static function cooling(?int $lockDelaySeconds, ?int $minHoldSeconds, int $ttlSeconds): void
    {
        self::whole('lockDelaySeconds', $lockDelaySeconds ?? 0, 0, self::LOCK_DELAY_SECONDS_MAX);
        self::whole('minHoldSeconds', $minHoldSeconds ?? 0, 0, $ttlSeconds);
    }

    public static function timeout(int $ms): void
    {
        if ($ms < 1) {
            throw new ValidationException('timeoutMs must be 1 or more.');
        }
    }

    public static function renewal(?Renewal $renewal): void
    {
        if ($renewal === Renewal::Background && !Renewal::isBackgroundPossible()) {
            throw new ValidationException('Renewal in the background needs ext-pcntl, ext-posix and the command line.');
        }
    }

    /**
     * One or several base URLs, in a list or separated by commas, each once and without a trailing slash. Errors do not quote them,
     * because a URL can contain credentials.
     *
     * @param string|array<string> $given
     * @return non-empty-list<string>
     */
    public static function baseUrls(string|array $given): array
    {
        $texts = array_map(
            static fn (string $text): string => trim($text, ' '),
            explode(',', implode(',', (array) $given)),
        );
        $texts = array_filter($texts, static fn (string $text): bool => $text !== '');
        if ($texts === []) {
            throw new ValidationException('There must be at least one base URL.');
        }

        return array_values(array_unique(array_map(self::baseUrl(...), $texts)));
    }

    private static function baseUrl(string $text): string
    {
        $parts = parse_url($text);
        if (
            preg_match('~^https?://[\x21-\x7e]+$~Di', $text) !== 1
            || !is_array($parts)
            || ($parts['host'] ?? '') === ''
        ) {
            throw new ValidationException('The base URL must be an http or https URL.');
        }
        if (isset($parts['user']) || isset($parts['pass'])) {
            throw new ValidationException('The base URL must not hold credentials: give the token by itself.');
        }
        if (isset($parts['query']) || isset($parts['fragment'])) {
            throw new ValidationException('The base URL must have neither a query nor a fragment.');
        }

        return rtrim($text, '/');
    }

    /** Errors do not quote the token. */
    public static function token(#[\SensitiveParameter] string $token): void
    {
        if (preg_match('/^[\x21-\x7e]+$/D', $token) !== 1) {
            throw new ValidationException('The token must consist of visible ASCII characters.');
        }
    }

    private static function problemOfName(string $name, string $what): ?string
    {
        if (strlen($name) > Rules::LOCK_NAME_LENGTH_MAX) {
            return sprintf("A $what name must have at most %d characters.", Rules::LOCK_NAME_LENGTH_MAX);
        }
        // Without `D`, the pattern would accept a trailing line break.
        if (preg_match('~' . Rules::LOCK_NAME_PATTERN . '~D', $name) !== 1) {
            return "A $what name consists of components of letters, digits, '.', '_' and '-', separated by single slashes.";
        }
        foreach (explode('/', $name) as $component) {
            if (strlen($component) > Rules::LOCK_NAME_COMPONENT_LENGTH_MAX) {
                $max = Rules::LOCK_NAME_COMPONENT_LENGTH_MAX;

                return "Each component of a $what name must have at most $max characters.";
            }
            if ($component === '.' || $component === '..') {
                return "A component of a $what name must not be '.' or '..'.";
            }
        }

        return null;
    }

    private static function whole(string $what, int $value, int $min, int $max): void
    {
        if ($value < $min || $value > $max) {
            throw new ValidationException("$what must be a whole number from $min to $max.");
        }
    }
}
