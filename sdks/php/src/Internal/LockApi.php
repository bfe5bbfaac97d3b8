<?php

declare(strict_types=1);

namespace OctoStore\Internal;

use OctoStore\Internal\Calls\Call;
use OctoStore\Internal\Calls\Caller;
use OctoStore\Internal\Http\Request;
use OctoStore\Value\HeldLock;
use OctoStore\Value\LockBreak;
use OctoStore\Value\LockStatus;
use OctoStore\Value\Queue;

/**
 * The routes of locks and of their lines.
 *
 * @internal
 */
final readonly class LockApi
{
    public function __construct(private Caller $caller)
    {
    }

    /** Encodes the whole name, so that a lock named `a/watch` is not mistaken for a watch of `a`. */
    public static function path(string $name, string $verb = ''): string
    {
        return '/locks/' . rawurlencode($name) . ($verb === '' ? '' : "/$verb");
    }

    public function status(string $name): LockStatus
    {
        Checks::name($name);

        return $this->get(self::path($name), LockStatus::read(...));
    }

    /** @return list<HeldLock> */
    public function list(?string $prefix, bool $own): array
    {
        $pages = [];
        $cursor = null;
        do {
            $query = http_build_query(
                ['prefix' => $prefix, 'owner' => $own ? 'me' : null, 'cursor' => $cursor],
                encoding_type: PHP_QUERY_RFC3986,
            );
            [$locks, $cursor] = $this->get("/locks?$query", static fn (Fields $page): array => [
                array_map(HeldLock::read(...), $page->objects('locks')),
                $page->textOrNull('next_cursor'),
            ]);
            $pages[] = $locks;
        } while ($cursor !== null);

        return array_merge(...$pages);
    }

    public function queue(string $name): Queue
    {
        Checks::name($name);

        return $this->get(self::queuePath($name), Queue::read(...));
    }

    public function leaveQueue(string $name, string $leaseId): void
    {
        Checks::name($name);
        $this->caller->call(new Call(
            request: new Request('DELETE', self::queuePath($name) . '/' . rawurlencode($leaseId)),
            read: self::readStatus(...),
            isSafe: true,
            goneIsDone: true,
        ));
    }

    /** Safe to repeat: a second request replaces the first. */
    public function requestRelease(string $name, ?string $message): void
    {
        Checks::name($name);
        $this->caller->call(new Call(
            request: new Request('POST', self::path($name, 'request-release'), ['message' => $message]),
            read: self::readStatus(...),
            isSafe: true,
        ));
    }

    /** Not safe to repeat: by then, someone else could hold the lock. */
    public function break(string $name, string $reason, ?int $fencingToken): LockBreak
    {
        Checks::name($name);
        $body = ['reason' => $reason, 'fencing_token' => $fencingToken];

        return $this->caller->call(new Call(
            request: new Request('POST', self::path($name, 'break'), $body),
            read: static fn (string $text): LockBreak => LockBreak::read(Fields::parse($text)),
            isSafe: false,
        ))->value;
    }

    private static function queuePath(string $name): string
    {
        return '/queues/' . rawurlencode($name);
    }

    private static function readStatus(string $text): string
    {
        return Fields::parse($text)->text('status');
    }

    /**
     * @template T
     * @param \Closure(Fields): T $read
     * @return T
     */
    private function get(string $path, \Closure $read): mixed
    {
        return $this->caller->call(new Call(
            request: new Request('GET', $path),
            read: static fn (string $text): mixed => $read(Fields::parse($text)),
            isSafe: true,
        ))->value;
    }
}
