<?php

declare(strict_types=1);

namespace OctoStore\Conformance;

use OctoStore\Client;

/** Has things that last, in a process of their own, and serves the requests for them until that process is ended. */
abstract class Owner
{
    /** How long it can be before something that is waited for is noticed. */
    protected const LOOK_EVERY_MS = 5.0;

    protected const FOREVER_MS = 1e9;

    public function __construct(protected readonly Client $client)
    {
    }

    public function serve(Channel $channel): void
    {
        for (;;) {
            $request = $channel->readLine($this->isWaiting() ? self::LOOK_EVERY_MS : self::FOREVER_MS);
            if ($request !== null) {
                $this->take($request);
            }
            $this->look();
        }
    }

    /** @param array<string, mixed> $request */
    abstract protected function take(array $request): void;

    /** Whether a request waits for something to happen. */
    abstract protected function isWaiting(): bool;

    /** Answers the requests for which it has happened. */
    abstract protected function look(): void;

    protected static function nowMs(): float
    {
        return hrtime(true) / 1e6;
    }
}
