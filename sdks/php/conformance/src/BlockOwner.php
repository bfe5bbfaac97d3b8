<?php

declare(strict_types=1);

namespace OctoStore\Conformance;

use OctoStore\Rules;

/** Runs the block form of a lock. */
final class BlockOwner extends Owner
{
    public function serve(Channel $channel): void
    {
        $given = $channel->readLine(self::FOREVER_MS);
        Output::answer($given['id'], fn (): null => $this->client->withLock(
            $given['name'],
            static fn (): null => self::awaitEnd($channel, $given['as']),
            ttlSeconds: $given['ttl_seconds'] ?? Rules::TTL_SECONDS_DEFAULT,
            waitSeconds: $given['wait_seconds'] ?? 0,
        ));
        parent::serve($channel);
    }

    protected function take(array $request): void
    {
    }

    protected function isWaiting(): bool
    {
        return false;
    }

    protected function look(): void
    {
    }

    /** The block. */
    private static function awaitEnd(Channel $channel, string $as): null
    {
        Output::write(['event' => 'inside', 'of' => $as]);
        do {
            $end = $channel->readLine(self::FOREVER_MS);
        } while ($end === null);
        Output::answer($end['id'], static fn (): null => null);

        return isset($end['fails']) ? throw new ProgramException($end['fails']) : null;
    }
}
