<?php

declare(strict_types=1);

namespace OctoStore\Conformance;

use OctoStore\Exception\OctoStoreException;
use OctoStore\Lock;
use OctoStore\Rules;
use OctoStore\Session;
use OctoStore\Value\LockMode;
use OctoStore\Value\ReleaseRequest;

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
            'hold', 'hold_all' => $this->hold($request),
            'convert' => $this->convert($request),
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
                $cause = $thing->keeper->loss()?->getPrevious();
                $error = $cause instanceof OctoStoreException ? Wire::error($cause) : null;
                Output::answer($id, static fn (): array => ['isLost' => $isLost, 'error' => $error]);
            }
        }
    }

    /**
     * @param array<string, mixed> $given
     * @return array<string, mixed>
     */
    private function hold(array $given): array
    {
        $how = [
            'ttlSeconds' => $given['ttl_seconds'] ?? Rules::TTL_SECONDS_DEFAULT,
            'waitSeconds' => $given['wait_seconds'] ?? 0,
            'metadata' => $given['metadata'] ?? null,
            'waitSliceSeconds' => $given['wait_slice_seconds'] ?? null,
            'session' => isset($given['session']) ? $this->things[$given['session']] : null,
        ] + Wanted::lease($given);
        $lock = $given['do'] === 'hold_all'
            ? $this->client->holdAll(Wanted::locks($given), ...$how)
            : $this->client->hold($given['name'], ...$how, ...Wanted::lock($given));
        $as = $given['as'];
        $lock->onReleaseRequested(static fn (ReleaseRequest $request) => Output::write(
            ['event' => 'release_requested', 'of' => $as, 'by' => $request->by, 'message' => $request->message],
        ));
        $this->things[$as] = $lock;

        return self::grant($lock);
    }

    /**
     * @param array<string, mixed> $given
     * @return array<string, mixed>
     */
    private function convert(array $given): array
    {
        $lock = $this->thing($given);
        $lock->convert(LockMode::from($given['mode']), $given['name'] ?? null);

        return self::grant($lock);
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
        return self::grant($lock) + [
            'name' => $lock->name,
            'remainingMs' => $lock->remainingMs(),
            'isLost' => $lock->isLost(),
            'proof' => $lock->proof(),
            'releaseRequested' => $lock->releaseRequested(),
        ];
    }

    /** @return array<string, mixed> */
    private static function grant(Lock $lock): array
    {
        return ['leaseId' => $lock->leaseId, 'fencingToken' => $lock->fencingToken, 'locks' => $lock->locks()];
    }
}
