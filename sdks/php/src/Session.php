<?php

declare(strict_types=1);

namespace OctoStore;

use OctoStore\Exception\LostException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Internal\Calls\Limits;
use OctoStore\Internal\Keeping\Keeper;
use OctoStore\Internal\Keeping\LossSignal;
use OctoStore\Internal\Keeping\Observation;
use OctoStore\Internal\Keeping\Renewable;
use OctoStore\Internal\Keeping\Renewed;
use OctoStore\Internal\SessionApi;

/**
 * A session that is kept alive until it is ended or lost. All locks held in it end with it. It belongs to the process that opened it; a
 * copy in a fork of that process neither keeps it alive nor ends it.
 */
final class Session implements \Stringable
{
    use Kept;

    /** @internal created by `Client::openSession()` */
    public function __construct(
        private readonly SessionApi $api,
        public readonly string $sessionId,
        int $ttlSeconds,
        float $sentAtMs,
        int $timeoutMs,
        Renewal $renewal,
        ?\Closure $observer = null,
    ) {
        // Without `$this`, which would keep the handle from being destroyed.
        $renew = static fn (string $server, float $untilMs, ?StopToken $stop): Renewed =>
            new Renewed($api->keepaliveOnce($sessionId, $server, $untilMs, $stop));
        $this->keeper = new Keeper(
            new Renewable(
                "The session $sessionId",
                $ttlSeconds,
                $sentAtMs,
                $timeoutMs,
                $api->servers(),
                $renew,
                observation: new Observation($observer, session: $sessionId),
            ),
            $renewal,
        );
    }

    /** For logs and debugging. */
    public function __toString(): string
    {
        return self::class . "($this->sessionId, {$this->leftText()})";
    }

    /**
     * Ends the session and releases its locks, which then count as lost. It is not an error if the session was already lost.
     *
     * @throws OctoStoreException if the server cannot be reached
     */
    public function end(): void
    {
        try {
            $this->endOnServer();
        } finally {
            LossSignal::lookAround();
        }
    }

    /** Ends the session. Never fails: if it cannot be ended, it expires on its own. */
    public function close(): void
    {
        try {
            $this->endOnServer();
        } catch (LostException $loss) {
            // From a listener of a loss.
            throw $loss;
        } catch (OctoStoreException) {
            // It expires on its own.
        }
        LossSignal::lookAround();
    }

    private function facts(): array
    {
        return ['sessionId' => $this->sessionId];
    }

    private function endOnServer(): void
    {
        $this->endOnce(fn (Limits $limits) => $this->api->end($this->sessionId, $limits));
    }
}
