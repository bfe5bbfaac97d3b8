<?php

declare(strict_types=1);

namespace OctoStore\Conformance;

use OctoStore\Exception\OctoStoreException;
use OctoStore\Watch;

/** Has a watch. */
final class WatchOwner extends Owner
{
    private ?Watch $watch = null;

    /** @var ?array{id: int, untilMs: float} who waits for the next update */
    private ?array $waiting = null;

    protected function take(array $request): void
    {
        if ($request['do'] === 'next') {
            $this->waiting = ['id' => $request['id'], 'untilMs' => self::nowMs() + $request['timeout_ms']];

            return;
        }
        Output::answer($request['id'], fn (): mixed => match ($request['do']) {
            'watch' => $this->open($request),
            'close' => $this->close(),
        });
    }

    protected function isWaiting(): bool
    {
        return $this->waiting !== null;
    }

    protected function look(): void
    {
        if ($this->waiting === null) {
            return;
        }
        ['id' => $id, 'untilMs' => $untilMs] = $this->waiting;
        try {
            $update = $this->watch->poll(self::LOOK_EVERY_MS / 1000);
            $answer = static fn (): mixed => $update;
            $isDone = $update !== null || self::nowMs() >= $untilMs;
        } catch (OctoStoreException $error) {
            $answer = static fn (): never => throw $error;
            $isDone = true;
        }
        if ($isDone) {
            $this->waiting = null;
            Output::answer($id, $answer);
        }
    }

    /** @param array<string, mixed> $given */
    private function open(array $given): null
    {
        $this->watch = isset($given['prefix'])
            ? $this->client->watchPrefix($given['prefix'])
            : $this->client->watch($given['name']);

        return null;
    }

    private function close(): null
    {
        $this->waiting = null;
        $this->watch->close();

        return null;
    }
}
