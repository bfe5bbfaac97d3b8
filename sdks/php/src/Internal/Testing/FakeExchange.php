<?php

declare(strict_types=1);

namespace OctoStore\Internal\Testing;

use OctoStore\Exception\OctoStoreException;
use OctoStore\Internal\Http\Finished;
use OctoStore\Transport\Exchange;
use OctoStore\Transport\Request;

/**
 * A request that waits in line. While it waits, the clock goes on.
 *
 * @internal
 */
final class FakeExchange implements Exchange
{
    /** After so long, nothing in the test will end the wait. */
    private const PATIENCE_MS = 21_600_000.0;

    private ?Finished $end = null;

    public function __construct(
        private readonly FakeServer $server,
        private readonly Request $request,
        private readonly Ticket $ticket,
        private readonly float $untilMs,
        private readonly bool $isInLine,
    ) {
        $this->tryNow();
    }

    public function __destruct()
    {
        $this->close();
    }

    public function step(float $waitMs): void
    {
        $clock = $this->server->clock;
        $nowMs = $clock->nowMs();
        if ($nowMs - $this->ticket->sinceMs > self::PATIENCE_MS) {
            throw new \LogicException('The test waits for a lock for more than six hours, and nothing in it ends the wait.');
        }
        $nextMs = min($this->untilMs, $clock->nextAtMs(), $this->server->nextEndMs());
        $clock->advance(max(0.0, min($nextMs - $nowMs, $waitMs)));
        $this->tryNow();
    }

    public function isOver(): bool
    {
        return $this->end !== null;
    }

    public function failure(): ?OctoStoreException
    {
        return $this->end?->failure();
    }

    public function hasHead(): bool
    {
        return $this->isOver();
    }

    public function status(): int
    {
        return $this->end?->status() ?? 0;
    }

    public function headers(): array
    {
        return [];
    }

    public function take(): string
    {
        return $this->end?->take() ?? '';
    }

    public function close(): void
    {
        if ($this->end === null) {
            $this->end = new Finished(0);
            $this->pause();
        }
    }

    /** @return array{position: int, waiters: int} its place in the line of a lock, by default of the first */
    private function pause(?string $name = null): array
    {
        return $this->server->leasing->pause($this->ticket, $name ?? (string) array_key_first($this->ticket->wanted));
    }

    private function tryNow(): void
    {
        if ($this->end !== null) {
            return;
        }
        if ($this->server->isDown) {
            $this->close();
            $this->end = FakeTransport::broken($this->request, true);

            return;
        }
        $this->server->settle();
        try {
            $this->end = FakeTransport::answer(200, $this->server->leasing->grant($this->ticket));
        } catch (Refusal $refusal) {
            if ($refusal->status !== 409 || $this->server->clock->nowMs() >= $this->untilMs) {
                $place = $this->pause($refusal->body()['lock']['name'] ?? null);
                $this->end = FakeTransport::answer($refusal->status, $refusal->body() + ($this->isInLine ? $place : []));
            }
        }
    }
}
