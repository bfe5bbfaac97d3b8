<?php

declare(strict_types=1);

namespace OctoStore\Conformance;

use OctoStore\Exception\AuthenticationException;
use OctoStore\Exception\LeaseBrokenException;
use OctoStore\Exception\LockHeldException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Exception\StaleTokenException;
use OctoStore\Value\EventUpdate;
use OctoStore\Value\LockStatus;
use OctoStore\Value\ResetUpdate;
use OctoStore\Value\StateUpdate;
use OctoStore\Value\Update;

/** Values of the SDK as the server's JSON has them. */
final class Wire
{
    public static function value(mixed $value): mixed
    {
        return match (true) {
            $value instanceof \DateTimeInterface => self::date($value),
            $value instanceof \BackedEnum => $value->value,
            $value instanceof Update => self::update($value),
            $value instanceof LockStatus => self::members(get_object_vars($value->held ?? new \stdClass()))
                + self::members(array_diff_key(get_object_vars($value), ['held' => null])),
            is_object($value) => self::members(get_object_vars($value)),
            is_array($value) => array_is_list($value) ? array_map(self::value(...), $value) : self::members($value),
            default => $value,
        };
    }

    /** @return array<string, mixed> */
    public static function error(OctoStoreException|ProgramException $error): array
    {
        if ($error instanceof ProgramException) {
            return ['type' => 'program', 'message' => $error->getMessage()];
        }
        $facts = [
            'type' => $error->type(),
            'message' => $error->getMessage(),
            'code' => $error->errorCode,
            'status' => $error->status,
            'request_id' => $error->requestId,
            'retry_after_ms' => $error->retryAfterMs,
        ];

        return self::members($facts + self::factsOf($error));
    }

    /** @return array<string, mixed> what errors of its kind alone have */
    private static function factsOf(OctoStoreException $error): array
    {
        return match (true) {
            $error instanceof LockHeldException => [
                'holder' => $error->holder,
                'holder_id' => $error->holderId,
                'expires_at' => $error->expiresAt,
                'metadata' => $error->metadata,
                'lock' => $error->lock,
                'limit' => $error->limit,
                'position' => $error->position,
                'waiters' => $error->waiters,
            ],
            $error instanceof AuthenticationException => ['cause' => $error->getPrevious()?->getMessage()],
            $error instanceof StaleTokenException => ['highest' => $error->highest],
            $error instanceof LeaseBrokenException => [
                'reason' => $error->reason,
                'broken_by' => $error->brokenBy,
                'broken_at' => $error->brokenAt,
            ],
            default => [],
        };
    }

    /** @return array<string, mixed> */
    private static function update(Update $update): array
    {
        return match (true) {
            $update instanceof StateUpdate => ['type' => 'state'] + self::value($update->state),
            $update instanceof EventUpdate => ['type' => $update->event->event->value] + self::value($update->event),
            $update instanceof ResetUpdate => ['type' => 'reset', 'message' => $update->message],
        };
    }

    /**
     * @param array<string, mixed> $members
     * @return array<string, mixed>
     */
    private static function members(array $members): array
    {
        $wire = [];
        foreach ($members as $name => $member) {
            $wire[strtolower(preg_replace('/(?<=[a-z])[A-Z]/', '_$0', $name))] = self::value($member);
        }

        return $wire;
    }

    private static function date(\DateTimeInterface $date): string
    {
        return \DateTimeImmutable::createFromInterface($date)
            ->setTimezone(new \DateTimeZone('UTC'))
            ->format('Y-m-d\TH:i:s.v\Z');
    }
}
