<?php

declare(strict_types=1);

namespace OctoStore\Internal\Keeping;

use OctoStore\Internal\Fields;
use OctoStore\Value\Lease;
use OctoStore\Value\LeaseLock;
use OctoStore\Value\ReleaseRequest;
use OctoStore\Value\WholeLease;

/**
 * What a renewal or a conversion can change about a lease.
 *
 * @internal
 */
final readonly class LeaseFacts
{
    /** @param non-empty-list<LeaseLock> $locks */
    public function __construct(
        public int $fencingToken,
        public array $locks,
        #[\SensitiveParameter] public ?string $proof,
        public ?ReleaseRequest $releaseRequested,
    ) {
    }

    public static function of(Lease|WholeLease $lease): self
    {
        return new self($lease->fencingToken, self::locksOf($lease), $lease->proof, $lease->releaseRequested);
    }

    /** The same, with what a renewal alone says. */
    public function withNotices(self $renewed): self
    {
        return new self($this->fencingToken, $this->locks, $renewed->proof, $renewed->releaseRequested);
    }

    /** @return array<string, mixed> for another process */
    public function encode(): array
    {
        $request = $this->releaseRequested;

        return [
            'fencing_token' => $this->fencingToken,
            'locks' => array_map(get_object_vars(...), $this->locks),
            'proof' => $this->proof,
            'release_requested' => $request === null ? null : [
                'by' => $request->by,
                'message' => $request->message,
                'at' => $request->at->format('Y-m-d\TH:i:s.vP'),
            ],
        ];
    }

    public static function decode(Fields $fields): self
    {
        return new self(
            $fields->number('fencing_token'),
            array_map(LeaseLock::read(...), $fields->objects('locks')),
            $fields->textOrNull('proof'),
            $fields->has('release_requested') ? ReleaseRequest::read($fields->object('release_requested')) : null,
        );
    }

    /**
     * The server lists the locks of a lease of one lock only if you ask for it by its id.
     *
     * @return non-empty-list<LeaseLock>
     */
    private static function locksOf(Lease|WholeLease $lease): array
    {
        return $lease->locks ?: [
            new LeaseLock($lease->name, $lease->mode, $lease->limit, $lease->permits, $lease->slots),
        ];
    }
}
