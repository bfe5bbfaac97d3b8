<?php

declare(strict_types=1);

namespace OctoStore\Value;

use OctoStore\Exception\OctoStoreException;

/** Something that has happened to a lock or session that the client holds, for its observer. */
final readonly class HandleEvent
{
    /**
     * @param list<string> $locks the names of the locks; empty for a session
     * @param ?int $fencingToken null for a session
     * @param ?string $session the id of the session; null for locks
     * @param ?OctoStoreException $error why a renewal or a release failed, or why it is lost
     */
    public function __construct(
        public HandleEventType $type,
        public array $locks = [],
        public ?int $fencingToken = null,
        public ?string $session = null,
        public ?OctoStoreException $error = null,
    ) {
    }
}
