<?php

declare(strict_types=1);

namespace OctoStore\Exception;

/** Someone has broken your lease. */
final class LeaseBrokenException extends NotFoundException
{
    /**
     * @param string $reason why
     * @param string $brokenBy login of the user who did, or `administrator`
     * @param \DateTimeImmutable $brokenAt by the server's clock
     */
    public function __construct(
        string $message,
        ErrorFacts $facts,
        public readonly string $reason,
        public readonly string $brokenBy,
        public readonly \DateTimeImmutable $brokenAt,
    ) {
        parent::__construct($message, $facts);
    }
}
