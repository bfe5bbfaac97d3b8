<?php

declare(strict_types=1);

namespace OctoStore\Conformance;

use OctoStore\Lock;
use OctoStore\Rules;
use OctoStore\Session;

/** Has a lock, or a session and the locks that are held in it. */
final class Holdings extends Owner
{
    /** @var array<string, Lock|Session> */
    private array $things = [];

    /** @var list<array{id: int, thing: Lock|Session, untilMs: float}> who waits for a loss */
    private array $waiting = [];

    protected function take(array $request): void
    {
        if ($request['do'] === 'await_lost') {
            $untilMs = self::nowMs() + $request['timeout_ms'];
            $this->waiting[] = ['id' => $request['id'], 'thing' => $this->thing($request), 'untilMs' => $untilMs];

            return;
        }
        Output::answer($request['id'], fn (): mixed => match ($request['do']) {
            'hold' => $this->hold($request),
            'open_session' => $this->openSession($request),
            'handle' => self::describe($this->thing($request)),
            'describe' => (string) $this->thing($request),
            'close' => $this->thing($request)->close(),
        });
    }

    protected function isWaiting(): bool
    {
        return $this->waiting !== [];
    }

    protected function look(): void
    {
        foreach ($this->waiting as $at => ['id' => $id, 'thing' => $thing, 'untilMs' => $untilMs]) {
            $isLost = $thing->isLost();
            if ($isLost || self::nowMs() >= $untilMs) {
                unset($this->waiting[$at]);
                Output::answer($id, static fn (): array => ['isLost' => $isLost]);
            }
        }
    }

    /**
     * @param array<string, mixed> $given
     * @return array<string, mixed>
     */
    private function hold(array $given): array
    {
        $lock = $this->client->hold(
            $given['name'],
            ttlSeconds: $given['ttl_seconds'] ?? Rules::TTL_SECONDS_DEFAULT,
            waitSeconds: $given['wait_seconds'] ?? 0,
            metadata: $given['metadata'] ?? null,
            waitSliceSeconds: $given['wait_slice_seconds'] ?? null,
            session: isset($given['session']) ? $this->things[$given['session']] : null,
        );
        $this->things[$given['as']] = $lock;

        return ['leaseId' => $lock->leaseId, 'fencingToken' => $lock->fencingToken];
    }

    /**
     * @param array<string, mixed> $given
     * @return array<string, mixed>
     */
    private function openSession(array $given): array
    {
        $session = $this->client->openSession($given['ttl_seconds'] ?? Rules::SESSION_TTL_SECONDS_DEFAULT);
        $this->things[$given['as']] = $session;

        return ['sessionId' => $session->sessionId];
    }

    /** @param array<string, mixed> $request */
    private function thing(array $request): Lock|Session
    {
        return $this->things[$request['handle'] ?? $request['session']];
    }

    /** @return array<string, mixed> */
    private static function describe(Lock $lock): array
    {
        return [
            'leaseId' => $lock->leaseId,
            'fencingToken' => $lock->fencingToken,
            'name' => $lock->name,
            'remainingMs' => $lock->remainingMs(),
            'isLost' => $lock->isLost(),
        ];
    }
}
