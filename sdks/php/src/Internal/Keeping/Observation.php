<?php

declare(strict_types=1);

namespace OctoStore\Internal\Keeping;

use OctoStore\Exception\OctoStoreException;
use OctoStore\Internal\Signals;
use OctoStore\Value\HandleEvent;
use OctoStore\Value\HandleEventType;

/**
 * Tells the observer of a client what happens to one of its locks or sessions.
 *
 * @internal
 */
final readonly class Observation
{
    /**
     * @param ?\Closure(HandleEvent): void $observer
     * @param ?Held $held the lease; null for a session
     */
    public function __construct(
        private ?\Closure $observer = null,
        private ?Held $held = null,
        private ?string $session = null,
    ) {
    }

    /** What the observer throws is logged. Signal handlers run afterwards, so that their exceptions are not taken for its own. */
    public function tell(HandleEventType $type, ?OctoStoreException $error = null): void
    {
        $observer = $this->observer;
        if ($observer === null) {
            return;
        }
        $facts = $this->held?->facts();
        $locks = array_column($facts?->locks ?? [], 'name');
        $event = new HandleEvent($type, $locks, $facts?->fencingToken, $this->session, $error);
        Signals::holdOff(static function () use ($observer, $event): void {
            try {
                $observer($event);
            } catch (\Throwable $failure) {
                error_log("OctoStore: the observer has failed: $failure");
            }
        });
    }
}
