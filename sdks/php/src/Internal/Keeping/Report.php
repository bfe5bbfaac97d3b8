<?php

declare(strict_types=1);

namespace OctoStore\Internal\Keeping;

use OctoStore\Exception\NotFoundException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Internal\Clock;
use OctoStore\Internal\Fields;

/**
 * A renewer's report: when the last successful renewal was sent, and whether the lock or session is known to have ended.
 *
 * @internal
 */
final readonly class Report
{
    /**
     * @param float $provedAtMs when the last request that granted or renewed it was sent, on the monotonic clock
     * @param ?NotFoundException $gone how the server reported that it has ended; null if it has not
     * @param ?LeaseFacts $facts what the last renewal said; null if there was none, or it is a session
     * @param ?OctoStoreException $failure of the last attempt that failed since the last report
     */
    public function __construct(
        public float $provedAtMs,
        public ?NotFoundException $gone = null,
        public ?LeaseFacts $facts = null,
        public ?OctoStoreException $failure = null,
    ) {
    }

    /** One line, without its line ending. */
    public function encode(): string
    {
        return json_encode([
            // An integer, because settings of the program may round other numbers.
            'proved_at_ns' => (int) ($this->provedAtMs * 1e6),
            'suspended_ns' => (int) (Clock::ofSystem()->suspendedMs() * 1e6),
            'gone' => $this->gone === null ? null : ErrorCodec::encode($this->gone),
            'failure' => $this->failure === null ? null : ErrorCodec::encode($this->failure),
            'facts' => $this->facts?->encode(),
        ], JSON_THROW_ON_ERROR);
    }

    public static function decode(string $line): self
    {
        $fields = Fields::parse($line);
        Clock::ofSystem()->catchUp($fields->number('suspended_ns') / 1e6);

        $gone = $fields->has('gone') ? ErrorCodec::decode($fields->object('gone')) : null;

        return new self(
            $fields->number('proved_at_ns') / 1e6,
            $gone instanceof NotFoundException ? $gone : null,
            $fields->has('facts') ? LeaseFacts::decode($fields->object('facts')) : null,
            $fields->has('failure') ? ErrorCodec::decode($fields->object('failure')) : null,
        );
    }
}
