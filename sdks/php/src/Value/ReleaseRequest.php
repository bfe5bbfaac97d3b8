<?php

declare(strict_types=1);

namespace OctoStore\Value;

use OctoStore\Internal\Fields;

/** Someone asks the holders of a lock to release it. Each of them decides. */
final readonly class ReleaseRequest
{
    /**
     * @param string $by login of the user who asks
     * @param \DateTimeImmutable $at when they asked, by the server's clock
     */
    public function __construct(
        public string $by,
        public ?string $message,
        public \DateTimeImmutable $at,
    ) {
    }

    /** @internal */
    public static function read(Fields $fields): self
    {
        return new self(by: $fields->text('by'), message: $fields->textOrNull('message'), at: $fields->date('at'));
    }
}
