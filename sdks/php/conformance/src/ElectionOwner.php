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
    private OctoStoreException|ProgramException|null $failure = null;

    private ?Lock $lock = null;

    /** @var ?array<string, mixed> the request that ended the election */
    private ?array $close = null;

    public function serve(Channel $channel): void
    {
        $given = $channel->readLine(self::FOREVER_MS);
        Output::answer($given['id'], static fn (): null => null);
        try {
            $this->elect($given, StopToken::when(fn (): bool => $this->isToldToStop($channel)));
        } catch (OctoStoreException | ProgramException $error) {
            $this->failure = $error;
        }
        $error = $this->failure === null ? null : Wire::error($this->failure);
        Output::write(['event' => 'ended', 'of' => $given['as'], 'error' => $error]);
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

    private function isToldToStop(Channel $channel): bool
    {
        $request = $this->close ?? $channel->readLine(0);
        if (($request['do'] ?? null) === 'describe') {
            // An election is a call, which has no text form. All that it gives to the program is the handle of its lock.
            Output::answer($request['id'], fn (): string => (string) $this->lock);

            return false;
        }
        $this->close = $request;

        return $this->close !== null;
    }

    /** @param array<string, mixed> $given */
    private function elect(array $given, StopToken $stop): void
    {
        $lead = function (Lock $lock, callable $shouldStop) use ($given): void {
            $this->lock = $lock;
            Output::write(['event' => 'leading', 'of' => $given['as'], 'fencing_token' => $lock->fencingToken]);
            if (isset($given['fails'])) {
                throw new ProgramException($given['fails']);
            }
            while (!$shouldStop()) {
                usleep((int) (1000 * self::LOOK_EVERY_MS));
            }
            $this->lock = null;
            Output::write(['event' => 'stopped', 'of' => $given['as']]);
        };
        $this->client->elect(
            $given['name'],
            $lead,
            ttlSeconds: $given['ttl_seconds'] ?? Rules::TTL_SECONDS_DEFAULT,
            stop: $stop,
            waitSliceSeconds: $given['wait_slice_seconds'] ?? null,
        );
    }
}
