<?php

declare(strict_types=1);

namespace OctoStore\Conformance;

use OctoStore\Value\LockMode;
use OctoStore\Value\WantedLock;

/** What a request says about the locks and the lease that it wants, as arguments of the client. */
final class Wanted
{
    /**
     * @param array<string, mixed> $given
     * @return array<string, mixed>
     */
    public static function lock(array $given): array
    {
        return [
            'mode' => isset($given['mode']) ? LockMode::from($given['mode']) : null,
            'limit' => $given['limit'] ?? null,
            'permits' => $given['permits'] ?? null,
        ];
    }

    /**
     * @param array<string, mixed> $given
     * @return list<WantedLock>
     */
    public static function locks(array $given): array
    {
        return array_map(
            static fn (array $lock): WantedLock => new WantedLock($lock['name'], ...self::lock($lock)),
            $given['locks'],
        );
    }

    /**
     * @param array<string, mixed> $given
     * @return array<string, mixed>
     */
    public static function lease(array $given): array
    {
        return [
            'proof' => $given['proof'] ?? false,
            'lockDelaySeconds' => $given['lock_delay_seconds'] ?? null,
            'minHoldSeconds' => $given['min_hold_seconds'] ?? null,
        ];
    }
}
