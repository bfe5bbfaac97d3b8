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
    public static function name(string $name): void
    {
        $problem = self::problemOfName($name);
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

    /** The base URL without a trailing slash. Errors do not quote it, because a URL can contain credentials. */
    public static function baseUrl(string $text): string
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

    private static function problemOfName(string $name): ?string
    {
        if (strlen($name) > Rules::LOCK_NAME_LENGTH_MAX) {
            return sprintf('A lock name must have at most %d characters.', Rules::LOCK_NAME_LENGTH_MAX);
        }
        // Without `D`, the pattern would accept a trailing line break.
        if (preg_match('~' . Rules::LOCK_NAME_PATTERN . '~D', $name) !== 1) {
            return "A lock name consists of components of letters, digits, '.', '_' and '-', separated by single slashes.";
        }
        foreach (explode('/', $name) as $component) {
            if (strlen($component) > Rules::LOCK_NAME_COMPONENT_LENGTH_MAX) {
                $max = Rules::LOCK_NAME_COMPONENT_LENGTH_MAX;

                return "Each component of a lock name must have at most $max characters.";
            }
            if ($component === '.' || $component === '..') {
                return "A component of a lock name must not be '.' or '..'.";
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
