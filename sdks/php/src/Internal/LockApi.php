<?php

declare(strict_types=1);

namespace OctoStore\Internal;

use OctoStore\Exception\LockHeldException;
use OctoStore\Exception\LostException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Internal\Calls\Call;
use OctoStore\Internal\Calls\Caller;
use OctoStore\Internal\Calls\Limits;
use OctoStore\Internal\Calls\Outcome;
use OctoStore\Internal\Http\Request;
use OctoStore\StopToken;
use OctoStore\Value\HeldLock;
use OctoStore\Value\Lease;
use OctoStore\Value\LeaseStatus;
use OctoStore\Value\LockStatus;

/**
 * The routes of locks.
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

    public function acquire(Wish $wish): Granted
    {
        $wish->stop?->throwIfStopped();
        $outcome = new Outcome();
        try {
            return $this->waitFor($wish, $outcome);
        } catch (\Throwable $error) {
            if ($outcome->isUnknown && !self::isMismatch($error)) {
                $limits = $wish->isGivenUpBriefly ? Limits::brief() : new Limits();
                $this->releaseInBackground($wish->name, $wish->leaseId, $limits);
            }
            throw $error;
        }
    }

    /** @param ?float $timeoutMs timeout of one attempt; the client's by default */
    public function renew(string $name, string $leaseId, int $ttlSeconds, ?float $timeoutMs = null): Granted
    {
        Checks::name($name);
        Checks::ttl($ttlSeconds);
        $request = static fn (): Request => self::renewalRequest(
            $name,
            $leaseId,
            $ttlSeconds,
            $timeoutMs === null ? null : Clock::nowMs() + $timeoutMs,
        );
        $result = $this->caller->call(self::renewal($request));

        return new Granted($result->value, $result->sentAtMs);
    }

    /** One attempt at a renewal, until a given time. Returns when it was sent. Both are milliseconds on the monotonic clock. */
    public function renewOnce(
        string $name,
        string $leaseId,
        int $ttlSeconds,
        float $untilMs,
        ?StopToken $stop,
    ): float {
        $request = self::renewalRequest($name, $leaseId, $ttlSeconds, $untilMs);

        return $this->caller->attempt(self::renewal($request, $stop))->sentAtMs;
    }

    public function release(string $name, string $leaseId, Limits $limits = new Limits()): void
    {
        Checks::name($name);
        $this->caller->call(new Call(
            request: new Request('POST', self::path($name, 'release'), ['lease_id' => $leaseId]),
            read: static fn (string $text): string => Fields::parse($text)->text('status'),
            isSafe: true,
            goneIsDone: true,
            limits: $limits,
        ));
    }

    /**
     * Releases a lock that an abandoned acquire may have been granted after all, so that it does not stay held with no one using it. If
     * no process can be forked for this, releases it right away, within a second. Never fails: if the lock cannot be released, its lease
     * expires on its own.
     */
    public function releaseInBackground(string $name, string $leaseId, Limits $limits = new Limits()): void
    {
        if (Process::detach(fn () => $this->release($name, $leaseId, $limits))) {
            return;
        }
        try {
            $this->release($name, $leaseId, new Limits(Limits::brief()->deadlineMs, $limits->attemptsMax));
        } catch (LostException $error) {
            // A signal has called a listener of another loss, which throws it.
            throw $error;
        } catch (OctoStoreException) {
            // Its lease expires on its own.
        }
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

    /** Asks for the lock, repeatedly if necessary, because one request waits for at most one slice. */
    private function waitFor(Wish $wish, Outcome $outcome): Granted
    {
        $call = new Call(
            request: fn (): Request => $this->acquisition($wish),
            read: self::readLease(...),
            isSafe: true,
            outcome: $outcome,
            stop: $wish->stop,
            patientUntilMs: $wish->waitSeconds > 0 ? $wish->untilMs : null,
        );
        $firstAskedAtMs = Clock::nowMs();
        for ($refusals = 1;; $refusals++) {
            $askedAtMs = Clock::nowMs();
            $waitMs = 1000 * self::waitSeconds($wish);
            try {
                $result = $this->caller->call($call);
                // `held` means that an earlier attempt got the lease and its response was lost.
                $isOlder = $result->value->status === LeaseStatus::Held;

                return new Granted($result->value, $isOlder ? $firstAskedAtMs : $result->sentAtMs);
            } catch (LockHeldException $error) {
                if (Clock::nowMs() >= $wish->untilMs) {
                    throw $error;
                }
                // Refused much too early. Pause, so as not to retry at full speed.
                if (Clock::nowMs() - $askedAtMs < $waitMs / 2) {
                    Clock::pause(Backoff::delayMs($refusals), $wish->stop);
                }
            }
        }
    }

    private function acquisition(Wish $wish): Request
    {
        $waitSeconds = self::waitSeconds($wish);
        $body = [
            'ttl_seconds' => $wish->ttlSeconds,
            'lease_id' => $wish->leaseId,
            'metadata' => $wish->metadata,
            'session_id' => $wish->sessionId,
            'wait_seconds' => $waitSeconds,
        ];
        $untilMs = Clock::nowMs() + $this->caller->transport->timeoutMs + 1000 * $waitSeconds;

        return new Request('POST', self::path($wish->name, 'acquire'), $body, $untilMs);
    }

    /** How long the next request may wait, in whole seconds. */
    private static function waitSeconds(Wish $wish): int
    {
        $seconds = ceil(($wish->untilMs - Clock::nowMs()) / 1000);

        return (int) min($wish->waitSliceSeconds, max(0, $seconds));
    }

    private static function renewalRequest(string $name, string $leaseId, int $ttlSeconds, ?float $untilMs): Request
    {
        $body = ['lease_id' => $leaseId, 'ttl_seconds' => $ttlSeconds];

        return new Request('POST', self::path($name, 'renew'), $body, $untilMs);
    }

    /**
     * @param Request|(\Closure(): Request) $request
     * @return Call<Lease>
     */
    private static function renewal(Request|\Closure $request, ?StopToken $stop = null): Call
    {
        return new Call(request: $request, read: self::readLease(...), isSafe: true, stop: $stop);
    }

    /** Whether the lease with this id is another one, which must not be released. */
    private static function isMismatch(\Throwable $error): bool
    {
        return $error instanceof OctoStoreException && $error->errorCode === 'lease_mismatch';
    }

    private static function readLease(string $text): Lease
    {
        return Lease::read(Fields::parse($text));
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
