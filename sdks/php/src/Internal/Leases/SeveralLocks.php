<?php

declare(strict_types=1);

namespace OctoStore\Internal\Leases;

use OctoStore\Exception\ValidationException;
use OctoStore\Internal\Checks;
use OctoStore\Internal\Fields;
use OctoStore\Internal\Http\Request;
use OctoStore\Value\WantedLock;
use OctoStore\Value\WholeLease;

/**
 * The requests for leases of several locks. All but `acquire` are for any lease, by its id.
 *
 * @internal
 */
final readonly class SeveralLocks implements LeaseRoutes
{
    /** @var list<WantedLock> */
    private array $locks;

    /**
     * @param array<string|WantedLock> $locks
     * @throws ValidationException if the name of a lock is not valid
     */
    public function __construct(array $locks = [])
    {
        $this->locks = array_map(
            static fn (string|WantedLock $lock): WantedLock => is_string($lock) ? new WantedLock($lock) : $lock,
            array_values($locks),
        );
        foreach ($this->locks as $lock) {
            Checks::name($lock->name);
        }
    }

    public static function path(string $leaseId, string $verb = ''): string
    {
        return '/leases/' . rawurlencode($leaseId) . $verb;
    }

    public function acquire(array $body, float $untilMs): Request
    {
        if ($this->locks === []) {
            throw new ValidationException('There must be at least one lock.');
        }
        $locks = array_map(
            static fn (WantedLock $lock): array => array_filter(
                get_object_vars($lock),
                static fn (mixed $value): bool => $value !== null,
            ),
            $this->locks,
        );

        return new Request('POST', '/leases', $body + ['locks' => $locks], $untilMs);
    }

    public function renew(string $leaseId, array $body, ?float $untilMs): Request
    {
        return new Request('POST', self::path($leaseId, '/renew'), $body, $untilMs);
    }

    public function release(string $leaseId): Request
    {
        return new Request('DELETE', self::path($leaseId));
    }

    public function read(Fields $fields): WholeLease
    {
        return WholeLease::read($fields);
    }
}
