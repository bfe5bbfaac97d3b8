<?php

declare(strict_types=1);

namespace OctoStore\Internal\Testing;

use OctoStore\Rules;
use OctoStore\Value\LockMode;
use OctoStore\Value\WantedLock;

/**
 * Refuses requests that are not valid, as the server does.
 *
 * @internal
 */
final class Validation
{
    private const PERMITS_MAX = 10_000;
    private const LOCKS_MAX = 32;
    private const LOCK_DELAY_SECONDS_MAX = 60;

    /** @param array<string, mixed> $body */
    public static function leaseTtl(array $body): int
    {
        return self::number($body, 'ttl_seconds', Rules::TTL_SECONDS_MIN, Rules::TTL_SECONDS_MAX);
    }

    /** @param array<string, mixed> $body */
    public static function sessionTtl(array $body): int
    {
        $body += ['ttl_seconds' => Rules::SESSION_TTL_SECONDS_DEFAULT];

        return self::number($body, 'ttl_seconds', Rules::SESSION_TTL_SECONDS_MIN, Rules::SESSION_TTL_SECONDS_MAX);
    }

    /** @param array<string, mixed> $body */
    public static function waitSeconds(array $body): int
    {
        return self::number($body + ['wait_seconds' => 0], 'wait_seconds', 0, Rules::WAIT_SECONDS_PER_REQUEST_MAX);
    }

    /**
     * @param array<string, mixed> $body
     * @param int $last the last token that was issued
     */
    public static function fencingToken(array $body, int $last): int
    {
        $token = self::number($body, 'fencing_token', 1, PHP_INT_MAX);

        return $token <= $last
            ? $token
            : throw self::invalid("fencing_token must be a token that was issued. The last one is $last.");
    }

    /**
     * How the locks of a lease are wanted.
     *
     * @param array<string, mixed> $body
     * @return non-empty-array<string, WantedLock> by name
     */
    public static function wanted(array $body): array
    {
        $locks = $body['locks'] ?? [];
        if ($locks === [] || count($locks) > self::LOCKS_MAX) {
            throw self::invalid(sprintf('locks must be a list of 1 to %d locks', self::LOCKS_MAX));
        }
        $wanted = array_map(static fn (array $lock): WantedLock => self::wantedLock($lock['name'], $lock), $locks);

        return array_column($wanted, null, 'name');
    }

    /** @param array<string, mixed> $given */
    public static function wantedLock(string $name, array $given): WantedLock
    {
        $mode = isset($given['mode']) ? LockMode::from($given['mode']) : null;
        if (!isset($given['limit'])) {
            return isset($given['permits'])
                ? throw self::invalid('permits needs a limit. Add one, or leave permits out.')
                : new WantedLock($name, $mode ?? LockMode::Exclusive);
        }
        if ($mode !== null) {
            throw self::invalid('A lock with a limit is counted, so it has no mode.');
        }
        $limit = self::number($given, 'limit', 1, self::PERMITS_MAX);
        $permits = self::number($given + ['permits' => 1], 'permits', 1, self::PERMITS_MAX);

        return $permits <= $limit
            ? new WantedLock($name, null, $limit, $permits)
            : throw self::invalid("permits is $permits, but limit is $limit.");
    }

    /**
     * @param array<string, mixed> $body
     * @param array<string, WantedLock> $wanted
     */
    public static function lockDelay(array $body, array $wanted): int
    {
        return self::delay($body, 'lock_delay_seconds', self::LOCK_DELAY_SECONDS_MAX, $wanted);
    }

    /**
     * @param array<string, mixed> $body
     * @param array<string, WantedLock> $wanted
     */
    public static function minHold(array $body, array $wanted): int
    {
        return self::delay($body, 'min_hold_seconds', self::leaseTtl($body), $wanted);
    }

    public static function invalid(string $details): Refusal
    {
        return new Refusal(422, 'validation_failed', 'The request is not valid.', ['details' => $details]);
    }

    /**
     * @param array<string, mixed> $body
     * @param array<string, WantedLock> $wanted
     */
    private static function delay(array $body, string $name, int $max, array $wanted): int
    {
        $seconds = self::number($body + [$name => 0], $name, 0, $max);
        $others = array_filter($wanted, static fn (WantedLock $lock): bool => $lock->mode !== LockMode::Exclusive);

        return $seconds === 0 || $others === [] ? $seconds : throw self::invalid("$name is for exclusive locks.");
    }

    /** @param array<string, mixed> $body */
    private static function number(array $body, string $name, int $min, int $max): int
    {
        $number = $body[$name] ?? null;

        return is_int($number) && $number >= $min && $number <= $max
            ? $number
            : throw self::invalid("$name must be an integer from $min to $max");
    }
}
