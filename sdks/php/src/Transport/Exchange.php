<?php

declare(strict_types=1);

namespace OctoStore\Transport;

use OctoStore\Exception\OctoStoreException;

/** A request that is under way, and the part of its response that has arrived. It ends when no one has a reference any more. */
interface Exchange
{
    /** Does what can be done now, or else waits until something happens or the time is up. */
    public function step(float $waitMs): void;

    /** Whether the response is complete, or has failed. */
    public function isOver(): bool;

    /** Why it failed: a `NetworkException` or a `TimeoutException`. Null if it succeeded, or is still running. */
    public function failure(): ?OctoStoreException;

    /** Whether the status and the headers have arrived. */
    public function hasHead(): bool;

    public function status(): int;

    /** @return array<string, string> by their names in lower case */
    public function headers(): array;

    /** The part of the body that has arrived since the last call. */
    public function take(): string;

    public function close(): void;
}
