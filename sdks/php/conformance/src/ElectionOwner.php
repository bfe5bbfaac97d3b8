<?php

declare(strict_types=1);

namespace OctoStore\Conformance;

use OctoStore\Exception\OctoStoreException;
use OctoStore\Lock;
use OctoStore\Rules;
use OctoStore\StopToken;

/** Takes part in an election. */
final class ElectionOwner extends Owner
{
    private ?OctoStoreException $failure = null;

    /** @var ?array<string, mixed> the request that ended the election */
    private ?array $close = null;

    public function serve(Channel $channel): void
    {
        $given = $channel->readLine(self::FOREVER_MS);
        Output::answer($given['id'], static fn (): null => null);
        $stop = StopToken::when(fn (): bool => ($this->close ??= $channel->readLine(0)) !== null);
        try {
            $this->elect($given, $stop);
        } catch (OctoStoreException $error) {
            $this->failure = $error;
        }
        if ($this->close !== null) {
            $this->take($this->close);
        }
        parent::serve($channel);
    }

    protected function take(array $request): void
    {
        Output::answer($request['id'], fn (): null => $this->failure === null ? null : throw $this->failure);
    }

    protected function isWaiting(): bool
    {
        return false;
    }

    protected function look(): void
    {
    }

    /** @param array<string, mixed> $given */
    private function elect(array $given, StopToken $stop): void
    {
        $as = $given['as'];
        $lead = static function (Lock $lock, callable $shouldStop) use ($as): void {
            Output::write(['event' => 'leading', 'of' => $as, 'fencing_token' => $lock->fencingToken]);
            while (!$shouldStop()) {
                usleep((int) (1000 * self::LOOK_EVERY_MS));
            }
            Output::write(['event' => 'stopped', 'of' => $as]);
        };
        $ttlSeconds = $given['ttl_seconds'] ?? Rules::TTL_SECONDS_DEFAULT;
        $this->client->elect($given['name'], $lead, ttlSeconds: $ttlSeconds, stop: $stop);
    }
}
